# The page of one client, and what can be done to one.
crumbs = Wo Sie sind
panel-cancel = Abbrechen
panel-done = Fertig
panel-save = Speichern
used-from = von
used-never = nie
column-user = Person
column-since = Seit

grant-authorization-code = Anmeldung (Authorization Code)
grant-refresh-token = Refresh-Token
grant-client-credentials = Maschine zu Maschine (Client Credentials)
grant-user-impersonation = Im Namen von Benutzern
auth-client_secret = Client-Secret
auth-private_key_jwt = Privater Schlüssel (JWT)

client-is-disabled = Dieser Client ist abgeschaltet: Er bekommt keine Tokens, und seine Tokens gelten nicht.
client-disabled-reason = Grund:
client-foreign = Dieser Client gehört einem anderen Mandanten, der ihn veröffentlicht hat; ein Administrator hier hat ihn zugelassen. Benutzer werden immer gefragt. Was er ist und darf, wird dort geändert, wem er gehört; hier können Sie die Verwendung beenden.
leave-title = { $name } nicht mehr verwenden
leave-users = { $count ->
    [0] Kein Benutzer dieses Mandanten hat ihn zugelassen.
    [one] { $count } Benutzer dieses Mandanten hat ihn zugelassen; dieser Zugriff endet.
   *[other] { $count } Benutzer dieses Mandanten haben ihn zugelassen; ihr Zugriff endet.
}
leave-tokens = { $count ->
    [0] In den letzten 30 Tagen bekam er hier kein Token.
    [one] In den letzten 30 Tagen bekam er hier { $count } Token; es gilt binnen zwei Sekunden nicht mehr.
   *[other] In den letzten 30 Tagen bekam er hier { $count } Tokens; sie gelten binnen zwei Sekunden nicht mehr.
}
leave-again = Sie können ihn wieder zulassen: Bei der nächsten Verwendung wird ein Administrator gefragt.
leave-submit = Nicht mehr verwenden
leave-own = Dieser Client gehört Ihnen: Deaktivieren oder löschen Sie ihn stattdessen.
done-client-left = Dieser Mandant verwendet den Client nicht mehr.
client-published-machine = Dieser Client ist veröffentlicht und kann deshalb nicht vertrauenswürdig sein; seine eigenen Token-Anfragen werden abgelehnt. Legen Sie für den Zugriff von Maschine zu Maschine einen anderen Client an.
client-untrusted = Dieser Client arbeitet als Maschine, und eine Maschine bekommt nur Tokens, wenn ihr vertraut wird.
client-overview = Überblick
client-grants = Wege zu Tokens
client-none = keine
client-authenticates = Weist sich aus mit
client-secrets = { $count ->
    [0] keine
    [one] { $count } Secret
   *[other] { $count } Secrets
}
client-by = von
client-redirects = Redirect-URLs
client-origins = Erlaubte Ursprünge
client-activity = Die letzten 30 Tage
client-quiet-title = Noch ist nichts geschehen
client-quiet = Hier stehen Tokens und Ablehnungen dieses Clients, Tag für Tag. Damit Ihre App ihr erstes Token holen kann, kopieren Sie hier die Adressen:
client-no-tokens = Keine Tokens in den letzten 30 Tagen.
client-no-failures = Keine Ablehnungen in den letzten 30 Tagen.
client-failures = Letzte Ablehnungen
client-failures-more = { $count ->
    [one] { $count } weitere
   *[other] { $count } weitere
}
client-users = Benutzer
client-no-users-title = Niemand hat diesen Client zugelassen
client-no-users = Wer diesem Client zustimmt, steht hier mit dem, was erlaubt wurde, und Sie können es zurücknehmen.
client-not-asked = nicht gefragt
client-revoke = Zugriff entziehen
client-more-users = Weitere Benutzer
client-unused = Nie benutzte Scopes
client-unused-lead = Niemand hat nach diesen Scopes gefragt, und keine Prüfung hat sie gebraucht. Eine App, die weniger darf, kann weniger Schaden anrichten.
client-unused-since = Gezählt seit
client-unused-remove = Diese entfernen
client-history = Änderungen
client-history-empty = Es wurde nichts geändert.
client-history-older = Ältere Änderungen

chart-other = Andere
chart-tokens = Tokens: { $count }
chart-failures = Ablehnungen: { $count }
chart-most = Am meisten an einem Tag: { $count }
chart-in-table = Die Zahlen stehen in der Tabelle darunter.
chart-table = Als Tabelle zeigen
chart-day = Tag (UTC)

field-client-name = Name
field-description = Beschreibung
field-client-uri = Website
field-logo-uri = Logo
field-policy-uri = Datenschutzerklärung
field-tos-uri = Nutzungsbedingungen
field-redirect-uris = Redirect-URLs
field-post-logout-redirect-uris = URLs nach dem Abmelden
field-allowed-origins = Erlaubte Ursprünge
field-allowed-scopes = Scopes
field-allowed-grant-types = Maschinen-Grants
field-allowed-auth-methods = Weist sich aus mit
field-public-keys = Öffentliche Schlüssel
field-jwks-uri = Adresse seiner Schlüssel
field-require-pkce = PKCE verlangt
field-id-token-signed-response-alg = Algorithmus der ID-Tokens
field-disable-tag = Abgeschaltet, weil
field-consent-method = Zustimmung
field-published-at = Veröffentlicht
field-app-type = Typ
field-hint = Secret endet auf
field-label = Bezeichnung

consent-required-means = Jede Person wird gefragt, bevor die App für sie handelt.
consent-required-machine = Dieser Client arbeitet auch als Maschine: Solange gefragt werden muss, bekommt er keine Tokens für sich selbst.
consent-trusted-means = Niemand wird gefragt: Sie bürgen für die App. Maschinen brauchen das.
consent-not-published = Nicht möglich: Bei einem veröffentlichten Client wird immer gefragt.
consent-not-anonymous = Nicht möglich: Bei einer anonymen Einbettung gibt es niemanden, für den Sie bürgen könnten.

publish-title = Diesen Client veröffentlichen
publish-everywhere = Jeder Mandant dieser Region kann den Client zulassen und sieht seinen Namen, seine Links und Scopes.
publish-consent = Benutzer werden in jedem Mandanten gefragt, auch in Ihrem: Ein veröffentlichter Client verlangt immer Zustimmung.
publish-trusted = Jetzt wird ihm vertraut, danach nicht mehr; der Zugriff als Maschine endet.
publish-yours = Er bleibt Ihrer: Nur Ihre Administratoren ändern ihn, sehen seine Secrets oder löschen ihn.
publish-forever = Das lässt sich nicht rückgängig machen. Um ihn zurückzuziehen, müssen Sie den Client löschen.
publish-submit = Endgültig veröffentlichen
publish-already = Dieser Client ist veröffentlicht, seit

disable-title = Diesen Client deaktivieren
disable-means = Er bekommt keine Tokens mehr, und seine Tokens gelten nach spätestens zwei Sekunden nicht mehr. Nichts wird gelöscht: Sie können ihn jederzeit wieder einschalten.
disable-reason = Grund
disable-reason-hint = Andere Administratoren lesen ihn hier und im Protokoll. Höchstens 100 Zeichen.
enable-title = Diesen Client einschalten
enable-means = Er bekommt wieder Tokens. Auch Refresh-Tokens, die nicht abgelaufen sind, gelten wieder.

configuration-title = OAuth-Konfiguration
configuration-lead = Wonach eine App oder Bibliothek fragt. Die meisten brauchen nur den Issuer oder die Discovery-Adresse und finden den Rest selbst.
configuration-issuer = Issuer
configuration-discovery = Discovery-Dokument
configuration-client-id = Client-ID
configuration-authorization = Authorization-Endpunkt
configuration-token = Token-Endpunkt
configuration-userinfo = Userinfo-Endpunkt
configuration-revocation = Revocation-Endpunkt
configuration-introspection = Introspection-Endpunkt
configuration-logout = Logout-Endpunkt
configuration-jwks = Signaturschlüssel (JWKS)
configuration-scopes = Scopes
configuration-snippet = Für die Umgebung Ihrer App

unused-title = Unbenutzte Scopes entfernen
unused-lead = { $name } kann keine Tokens mehr mit diesen Scopes bekommen. Tokens, die es schon gibt, behalten ihre, bis sie ablaufen.
unused-caution = Ein Scope, den nur ein anderes Produkt prüft, ohne diesen Server zu fragen, kann nötig sein, obwohl er hier steht. Nehmen Sie bei einem solchen das Häkchen weg.
unused-submit = Scopes entfernen
unused-none = Es gibt keine mehr: Jeder Scope dieses Clients wird benutzt.
unused-nothing-chosen = Wählen Sie mindestens einen Scope.
unused-in-use = Einer dieser Scopes wurde inzwischen benutzt oder steht nicht mehr auf der Liste. Nichts wurde geändert; sehen Sie die Liste noch einmal an.

remove-user-title = Zugriff entziehen
remove-user-means = { $client } verliert sofort den Zugriff auf { $name }: Die Tokens gelten nicht mehr, und die App muss wieder fragen. { $name } bleibt angemeldet.

delete-title = { $count ->
    [one] Diesen Client löschen?
   *[other] { $count } Clients löschen?
}
delete-none-title = Nichts zu löschen
delete-none = Kein Client ist ausgewählt. Haken Sie in der Tabelle die Clients an, die Sie löschen möchten, und wählen Sie dann „{ $name }“.
delete-lead = Löschen lässt sich nicht rückgängig machen. Das hört auf:
delete-busy = Eine App hat einen davon in den letzten 24 Stunden benutzt. Sie wird nicht mehr funktionieren. Um zu sehen, was geschieht, schalten Sie den Client erst ab: Das lässt sich rückgängig machen.
delete-in-use = In Gebrauch
delete-missing = { $count ->
    [one] { $count } der gewählten ist nicht mehr da oder gehört Ihnen nicht.
   *[other] { $count } der gewählten sind nicht mehr da oder gehören Ihnen nicht.
}
delete-tokens-day = { $count ->
    [one] { $count } Token seit gestern; es gilt dann nicht mehr.
   *[other] { $count } Tokens seit gestern; die noch gelten, gelten dann nicht mehr.
}
delete-tokens-month = { $count ->
    [one] { $count } Token in den letzten 30 Tagen.
   *[other] { $count } Tokens in den letzten 30 Tagen.
}
delete-users = { $count ->
    [one] { $count } Person hat ihn zugelassen.
   *[other] { $count } Personen haben ihn zugelassen.
}
delete-families = { $count ->
    [one] { $count } Refresh-Token gilt dann nicht mehr.
   *[other] { $count } Refresh-Tokens gelten dann nicht mehr.
}
delete-api-keys = { $count ->
    [one] { $count } API-Schlüssel seines Bot-Benutzers gilt dann nicht mehr.
   *[other] { $count } API-Schlüssel seines Bot-Benutzers gelten dann nicht mehr.
}
delete-other-tenants = { $count ->
    [one] { $count } anderer Mandant benutzt ihn und verliert ihn auch.
   *[other] { $count } andere Mandanten benutzen ihn und verlieren ihn auch.
}
delete-nothing = Nichts: keine Tokens in den letzten 30 Tagen und keine Benutzer.
delete-confirm = { $count ->
    [one] Mir ist klar, dass dieser Client endgültig nicht mehr funktioniert.
   *[other] Mir ist klar, dass diese { $count } Clients endgültig nicht mehr funktionieren.
}
delete-confirm-wrong = Setzen Sie das Häkchen, wenn Sie sicher sind.
delete-submit = { $count ->
    [one] Client löschen
   *[other] { $count } Clients löschen
}
delete-too-many = Wählen Sie höchstens 100 Clients auf einmal.
deleted-title = Gelöschte Clients
deleted-all = { $count ->
    [one] Der Client wurde gelöscht.
   *[other] Alle { $count } Clients wurden gelöscht.
}
deleted-failed = { $count ->
    [one] { $count } Client wurde nicht gelöscht.
   *[other] { $count } Clients wurden nicht gelöscht.
}
deleted-not = Nicht gelöscht:
deleted-one = Gelöscht. Seine Tokens gelten nach spätestens zwei Sekunden nicht mehr.
deleted-back = Zurück zu den Clients

done-client-disabled = Der Client ist abgeschaltet. Seine Tokens gelten nach spätestens zwei Sekunden nicht mehr.
done-client-enabled = Der Client ist eingeschaltet.
done-client-published = Der Client ist veröffentlicht.
done-consent-changed = Die Zustimmung ist geändert.
done-scopes-removed = Die Scopes sind entfernt.
done-access-revoked = Der Zugriff ist entzogen.
done-access-gone = Es gab keinen Zugriff mehr; es war nichts zu tun.
