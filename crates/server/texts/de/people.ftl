# Benutzer, Gruppen und Rollen.
users-title = Benutzer
users-lead = Personen, und die Bot-Benutzer, als die Maschinen-Clients handeln.
users-search = Nach Name, E-Mail oder Subject suchen
users-new = Benutzer anlegen
users-invite = Einladen
users-kind = Typ
users-any-kind = Personen und Bots
users-role = Rolle
users-any-role = Jede Rolle
users-group = Gruppe
users-any-group = Jede Gruppe
users-found = { $count ->
    [one] { $count } Benutzer
   *[other] { $count } Benutzer
}
users-empty = Es gibt noch niemanden. Legen Sie einen Benutzer mit Passwort an, oder laden Sie Personen über ihre E-Mail-Adresse ein.
users-none = Kein Benutzer passt
user-kind-person = Person
user-kind-bot = Bot
user-status-active = Aktiv
user-status-invited = Eingeladen
user-status-disabled = Deaktiviert
column-email = E-Mail
column-subject = Subject
column-roles = Rollen
column-groups = Gruppen
column-description = Beschreibung
column-device = Gerät
column-address = Adresse
column-started = Angemeldet
column-seen = Zuletzt gesehen
column-app = App
column-granted = Erlaubt
people-search-name = Nach Name suchen
people-history = Änderungsverlauf
picks-none = Es gibt noch nichts zur Auswahl.
picks-more = Weitere nach Name, je Zeile einen

user-new-title = Benutzer anlegen
user-new-lead = Jemand, der sich hier mit einem Passwort anmeldet.
user-name-hint = So sehen ihn andere: 1 bis 256 Zeichen.
user-email-hint = Kann zum Anmelden dienen. Jede Adresse gehört einem Benutzer.
user-subject-hint = Der feste Name, unter dem Apps den Benutzer kennen. Wird erzeugt, wenn Sie nichts eintragen; er ändert sich nie.
user-roles-hint = Was der Benutzer darf, neben dem, was Gruppen geben. Sie können geben, was Sie selbst haben.
user-groups-hint = Mitglieder haben die Rollen der Gruppe.
password-made = Eines erzeugen und einmal zeigen
password-typed = Dieses verwenden
password-typed-field = Das zu verwendende Passwort
password-hint = Mindestens 8 Zeichen. Nur nötig, wenn Sie es selbst wählen.
invite-title = Personen einladen
invite-lead = Jede wird als Benutzer mit dem Status Eingeladen angelegt. Von hier wird keine E-Mail gesendet: Sagen Sie es ihnen selbst innerhalb einer Woche. Um jemanden einzulassen, öffnen Sie die Seite der Person und wählen „Aktivieren und Passwort setzen“.
invite-emails = E-Mail-Adressen
invite-emails-hint = Je Zeile eine, höchstens 100.
invite-resend = Bestehende Einladungen neu beginnen
invite-outcomes = Ergebnis
invite-made = Eingeladen
invite-exists = War schon eingeladen
invite-active = Ist schon Benutzer
invite-disabled = Ist Benutzer, und deaktiviert
invite-back = Zurück zu den Benutzern

user-facts = Angaben
user-id = ID
user-client = Handelt für den Client
user-invited-until = Einladung gilt bis
user-email-verified = bestätigt
user-email-unverified = nicht bestätigt
user-inherited = Rollen durch Gruppen
user-from-group = durch die Gruppe { $name }
user-is-you = Sie
user-edit = Name, Rollen und Gruppen
user-direct-roles = Direkte Rollen
user-sessions = Sitzungen
user-sessions-lead = Browser, in denen dieser Benutzer angemeldet ist. Das Beenden nimmt Apps keinen Zugriff.
user-sessions-end = Alle beenden
user-session-end = Beenden
user-no-sessions = Nirgends angemeldet.
user-apps = Zugelassene Apps
user-apps-lead = Apps, die dieser Benutzer zugelassen hat. Wird der Zugriff entzogen, enden ihre Tokens sofort.
user-app-remove = Zugriff entziehen
user-no-apps = Keine App hat Zugriff.
user-password = Passwort zurücksetzen
user-delete = Benutzer löschen
user-delete-title = { $name } löschen?
user-delete-what = Sitzungen, Tokens, API-Schlüssel und Zustimmungen des Benutzers enden sofort, und er ist in keiner Gruppe mehr. Das kann nicht rückgängig gemacht werden.
user-delete-instead = Wenn der Benutzer wiederkommen kann, deaktivieren Sie ihn stattdessen.
user-disable-title = { $name } deaktivieren?
user-disable-what = Sitzungen, Tokens und API-Schlüssel enden sofort, und der Benutzer kann sich nicht anmelden. Sie können ihn wieder freigeben; was geendet hat, kommt nicht zurück.
user-enable-title = { $name } freigeben?
user-enable-what = Der Benutzer kann sich wieder anmelden. Frühere Sitzungen, Tokens und API-Schlüssel bleiben beendet.
password-title = Neues Passwort für { $name }
password-what = Das alte Passwort und alle Sitzungen enden sofort. Apps, die der Benutzer zugelassen hat, laufen weiter.
password-shown-title = Passwort von { $name }
password-shown-once = Kopieren Sie es jetzt: Sie sehen es nicht wieder.
password-shown-login = Meldet sich an als
password-shown-done = Ich habe es kopiert

groups-title = Gruppen
groups-lead = Mitglieder einer Gruppe haben deren Rollen.
groups-new = Gruppe anlegen
groups-provider = Herkunft
groups-any-provider = Jede Herkunft
groups-found = { $count ->
    [one] { $count } Gruppe
   *[other] { $count } Gruppen
}
groups-found-everybody = { $count ->
    [0] Nur die Gruppe aller Benutzer
    [one] { $count } Gruppe und die aller Benutzer
   *[other] { $count } Gruppen und die aller Benutzer
}
groups-empty = Noch keine Gruppen. Legen Sie eine an, geben Sie ihr Rollen, und nehmen Sie Benutzer auf deren Seiten auf.
groups-none = Keine Gruppe passt
group-provider-custom = Diese Verwaltung
group-provider-idp = Identitätsanbieter
group-provider-system = Der Mandant
group-new-title = Gruppe anlegen
group-name-hint = Im Mandanten einmalig: 1 bis 256 Zeichen.
group-description-hint = Wofür die Gruppe da ist.
group-roles-hint = Alle Mitglieder haben sie. Sie können geben, was Sie selbst haben.
group-members = Mitglieder
group-everyone-lead = Alle sind in dieser Gruppe: Ihre Rollen haben alle. Sie gehört zum Mandanten und bleibt.
group-everyone-enabled = Ihre Rollen allen geben
group-delete = Gruppe löschen
group-delete-title = { $name } löschen?
group-delete-members = { $count ->
    [0] Niemand ist in dieser Gruppe.
    [one] { $count } Benutzer ist in dieser Gruppe.
   *[other] { $count } Benutzer sind in dieser Gruppe.
}
group-delete-what = Mitglieder verlieren sofort die Rollen, die sie gibt; die Benutzer bleiben. Das kann nicht rückgängig gemacht werden.

roles-title = Rollen
roles-lead = Eine Rolle ist eine Menge von Scopes: was ihre Inhaber selbst und durch ihre Apps dürfen.
roles-new = Rolle anlegen
roles-level = Stufe
roles-found = { $count ->
    [one] { $count } Rolle
   *[other] { $count } Rollen
}
roles-none = Keine Rolle passt
role-type-default = Vorgegeben
role-type-custom = Eigene
role-level-admin = Verwaltet
role-level-user = Nutzt
role-new-title = Rolle anlegen
role-name-hint = Im Mandanten einmalig: 1 bis 256 Zeichen.
role-description-hint = Wofür die Rolle da ist.
role-scopes-hint = Ein Scope schließt die ein, die eingerückt darunter stehen.
role-scope-search = Scopes suchen
role-scope-powerful = Mächtig
role-scope-barred = Das können Sie nicht geben: Sie haben es selbst nicht.
role-default-lead = Diese Rolle gehört zum Mandanten und wird nicht geändert. Legen Sie für anderes eine eigene Rolle an.
role-has = Wer sie hat
role-gives = Was sie gibt
role-gives-all = Alles: Wer sie hat, verwaltet den Mandanten.
role-gives-nothing = Keine Scopes: Sie ist ein Merkmal, das Apps lesen können.
role-delete = Rolle löschen
role-delete-title = { $name } löschen?
role-delete-users = { $count ->
    [0] Kein Benutzer hat diese Rolle.
    [one] { $count } Benutzer hat diese Rolle.
   *[other] { $count } Benutzer haben diese Rolle.
}
role-delete-groups = { $count ->
    [0] Keine Gruppe gibt sie.
    [one] { $count } Gruppe gibt sie.
   *[other] { $count } Gruppen geben sie.
}
role-delete-what = Wer sie hat, verliert sofort, was sie gibt. Das kann nicht rückgängig gemacht werden.

done-user-created = Der Benutzer wurde angelegt.
done-user-saved = Der Benutzer wurde gespeichert.
done-user-enabled = Der Benutzer ist freigegeben und kann sich anmelden.
done-user-disabled = Der Benutzer ist deaktiviert. Sitzungen, Tokens und API-Schlüssel haben geendet.
done-user-deleted = Der Benutzer wurde gelöscht.
done-session-ended = Die Sitzung ist beendet.
done-sessions-ended = Alle Sitzungen sind beendet.
done-app-removed = Die App hat keinen Zugriff mehr.
done-app-was-removed = Die App hatte schon keinen Zugriff mehr; es war nichts zu tun.
done-password-set = Das neue Passwort gilt, und alle Sitzungen sind beendet.
done-group-created = Die Gruppe wurde angelegt. Nehmen Sie Benutzer auf deren Seiten auf.
done-group-saved = Die Gruppe wurde gespeichert.
done-group-deleted = Die Gruppe wurde gelöscht.
done-role-created = Die Rolle wurde angelegt.
done-role-saved = Die Rolle wurde gespeichert.
done-role-deleted = Die Rolle wurde gelöscht.
