# Was zwischen einem Formular und seiner Ausführung steht: Formulare, die warten, doppelt oder zu spät kommen.
refusal-large-title = Dieses Formular ist zu groß
refusal-large = Es wurde nichts geändert. Gehen Sie im Browser zurück, wo Ihre Eingaben noch stehen, und kürzen Sie die Texte.
refusal-unreadable-title = Dieses Formular ist nicht lesbar
refusal-unreadable = Es wurde unterwegs beschädigt. Es wurde nichts geändert. Gehen Sie im Browser zurück und senden Sie es noch einmal.
refusal-stale = Jemand anderes hat dies geändert, während Sie es bearbeitet haben. Nichts wurde gespeichert. Das Formular zeigt Ihre Änderungen auf dem jetzigen Stand: Sehen Sie es an und speichern Sie noch einmal.
refusal-twice-title = Dies wurde zweimal gesendet
refusal-twice = Beim ersten Mal wurde es ausgeführt, beim zweiten Mal geschah nichts. Was angelegt wurde, steht in der Liste. Ein Secret oder Passwort, das Sie nicht gesehen haben, ersetzen Sie dort durch ein neues.

continue-asks = Das wartet: { $name }
continue-who = Ausgeführt wird es von { $name }; so sind Sie jetzt angemeldet.
continue-withheld = Zur Sicherheit wurde dies nicht aufbewahrt: { $name }. Danach werden Sie noch einmal gefragt, wenn Sie fortfahren.

held-settings = Einstellungen ändern
held-tokens-lifetimes = Lebensdauern von Tokens und Sitzungen ändern
held-tokens-rotate = Signaturschlüssel wechseln
held-clients-columns = Spalten der Tabelle wählen
held-clients-select = Clients zum Löschen auswählen
held-clients-check = Öffentliche Schlüssel prüfen
held-clients-new = Einen Client anlegen
held-clients-edit = Einen Client ändern
held-clients-delete = Clients löschen
held-clients-consent = Die Zustimmung für einen Client ändern
held-clients-publish = Einen Client veröffentlichen
held-clients-disable = Einen Client sperren
held-clients-leave = Den Client eines anderen Mandanten nicht mehr zulassen
held-clients-enable = Einen Client freigeben
held-clients-scopes-unused = Unbenutzte Scopes eines Clients entfernen
held-clients-users-remove = Einem Client den Zugriff auf einen Benutzer entziehen
held-clients-secrets-new = Ein Client-Secret erzeugen
held-clients-secrets-delete = Ein Client-Secret löschen
held-users = Einen Benutzer ändern
held-users-new = Einen Benutzer anlegen
held-users-invite = Personen einladen
held-users-status = Einen Benutzer sperren oder freigeben
held-users-delete = Einen Benutzer löschen
held-users-password = Das Passwort eines Benutzers setzen
held-users-sessions = Sitzungen eines Benutzers beenden
held-users-apps = Einer App den Zugriff auf einen Benutzer entziehen
held-groups = Eine Gruppe ändern
held-groups-new = Eine Gruppe anlegen
held-groups-delete = Eine Gruppe löschen
held-roles = Eine Rolle ändern
held-roles-new = Eine Rolle anlegen
held-roles-delete = Eine Rolle löschen

field-activate = Wird aktiv
field-assigned-groups = Gruppen
field-assigned-groups-named = Gruppen nach Name
field-assigned-roles = Rollen
field-assigned-roles-named = Rollen nach Name
field-assigned-scopes = Scopes
field-at-once = Sofort
field-client-id = Client-ID
field-column = Spalte
field-confirm = Bestätigt
field-consent = Zustimmung
field-email = E-Mail
field-emails = E-Mail-Adressen
field-enabled = Eingeschaltet
field-expires = Letzter Tag
field-force = Auch das letzte
field-id = ID
field-keep-key = Schlüssel, die bleiben
field-name = Name
field-password = Passwort
field-public-keys-text = Öffentlicher Schlüssel
field-reason = Grund
field-resend = Einladungen neu beginnen
field-scope = Scopes
field-status = Status
field-subject = Subject
field-user = Benutzer

losses-title = Dies nimmt etwas weg, das in Gebrauch ist
losses-lead = Noch wurde nichts gespeichert. Wenn Sie speichern, gilt dies nach spätestens zwei Sekunden nicht mehr und kommt nicht wieder:
losses-more = Es fällt jetzt mehr weg, als vorhin gezeigt wurde: Jemand hat inzwischen etwas geändert oder benutzt. Nichts wurde gespeichert; sehen Sie noch einmal nach.
losses-save = Speichern und dies wegnehmen
losses-back = Zurück zum Formular
losses-scope-used = Zuletzt benutzt am { $name }
losses-scope-requested = Zuletzt verlangt am { $name }
disable-busy = Er wurde in den letzten 24 Stunden benutzt. Was ihn benutzt, bekommt Fehler.
keys-replace = Schlüssel sofort ersetzen

user-activate = Aktivieren und Passwort setzen
activate-title = { $name } einlassen
activate-what = Der eingeladene Benutzer wird aktiv und bekommt ein Passwort, das Sie ihm mitteilen. Er kann sich sofort anmelden.
user-session-own = Dieser Browser
user-session-end-title = Diese Sitzung beenden?
user-session-end-which = { $name }, von { $address }
user-session-end-what = Wer dort sitzt, muss sich neu anmelden. Apps, die der Benutzer zugelassen hat, laufen weiter.
user-session-end-own = Darunter ist die Sitzung, in der Sie dies lesen: Sie werden abgemeldet.
user-sessions-end-title = Alle Sitzungen von { $name } beenden?
user-sessions-end-count = { $count ->
    [one] { $count } Browser ist angemeldet.
   *[other] { $count } Browser sind angemeldet.
}
done-user-activated = Der Benutzer ist aktiv und kann sich mit dem Passwort anmelden, das Sie gesetzt haben.
