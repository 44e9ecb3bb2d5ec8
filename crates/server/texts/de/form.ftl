# Den Typ wählen.
form-new-title = Client anlegen
form-type-lead = Was für eine App ist es? Der Typ legt fest, wie sie sich ausweist, und lässt sich später nicht ändern.
form-other-type = Anderer Typ
form-when-web = Code, der auf einem Server läuft und ein Secret bewahren kann: Websites mit Backend und Programme, die von selbst laufen.
form-when-spa = JavaScript im Browser ohne eigenen Server: Es hat kein Secret und meldet Benutzer mit PKCE an.
form-when-native = Eine App auf Handy oder Computer: Sie hat kein Secret und meldet Benutzer mit PKCE im Browser des Systems an.
form-when-anonymous-embed = Inhalte, die auf anderen Seiten Menschen gezeigt werden, die nicht angemeldet sind.
form-such-as-web = Etwa ein Portal, ein nächtlicher Job, ein Befehl in der CI
form-such-as-spa = Etwa React, Vue oder reines JavaScript
form-such-as-native = Etwa iOS, Android, Desktop und Befehlszeile
form-such-as-anonymous-embed = Etwa ein öffentliches Diagramm auf einer Website
form-new-web = Web-Client anlegen
form-new-spa = Single-Page-App-Client anlegen
form-new-native = Nativen Client anlegen
form-new-anonymous-embed = Client für anonymes Einbetten anlegen

# Das Formular.
form-edit-title = { $name } bearbeiten
form-type-fixed = Der Typ eines Clients ändert sich nie.
form-not-saved = Noch wurde nichts gespeichert: Etwas braucht einen zweiten Blick.
form-to-field = Zur Stelle
form-about = Über die App
form-name-hint = Benutzer sehen ihn, wenn sie um Zustimmung gebeten werden.
form-description = Beschreibung
form-description-hint = Wofür die App da ist. Auch das sehen Benutzer.
form-use = Wie sie arbeitet
form-machine = Maschine zu Maschine
form-machine-hint = Das Programm holt sich selbst Tokens, ohne dass jemand angemeldet ist. Das geht nur, solange dem Client vertraut wird, denn es ist niemand da, der zustimmen könnte.
form-impersonation = Im Namen von Benutzern
form-impersonation-hint = Das Programm handelt als ein Benutzer, den es nennt, ohne dass dieser sich anmeldet. Nur für vertrauenswürdige Clients, und nur für das, was Sie selbst schreiben.
form-consent = Zustimmung
form-consent-required = Erforderlich: jeden Benutzer fragen
form-consent-required-hint = Benutzer sehen, was die App tun kann, und entscheiden. Richtig für Apps von anderen.
form-consent-trusted = Vertrauenswürdig: niemanden fragen
form-consent-trusted-hint = Sie bürgen für die App im Namen aller Benutzer. Nötig für „Maschine zu Maschine“ und „Im Namen von Benutzern“.
form-machine-waits = „Maschine zu Maschine“ und „Im Namen von Benutzern“ gehen nur mit vertrauenswürdigen Clients: Setzen Sie die Zustimmung auf „Vertrauenswürdig“, sonst werden Token-Anfragen abgelehnt.
form-trust = Auf „Vertrauenswürdig“ setzen
form-machine-waits-edit = „Maschine zu Maschine“ und „Im Namen von Benutzern“ gehen nur mit vertrauenswürdigen Clients, und dieser ist keiner: Seine Token-Anfragen werden abgelehnt.
form-addresses = Adressen
form-address = { $name } { $count }
form-redirects = Redirect-URLs
form-redirect = Redirect-URL
form-redirects-hint-web = Wohin Benutzer nach der Anmeldung zurückkehren. Wird Zeichen für Zeichen verglichen; lassen Sie es leer, wenn sich niemand anmeldet.
form-redirects-hint-spa = Die Seite Ihrer App, auf die Benutzer nach der Anmeldung zurückkehren. Wird Zeichen für Zeichen verglichen.
form-redirects-hint-native = Wo die App erfährt, dass der Benutzer angemeldet ist: ein eigenes Schema wie com.example.app:/callback oder http://127.0.0.1/callback mit beliebigem Port.
form-origins = Erlaubte Ursprünge
form-origin = Erlaubter Ursprung
form-origins-hint = Die Websites, deren JavaScript zugreifen darf: Schema, Host und Port, ohne Pfad.
form-add-another = Weitere hinzufügen
form-check-good = Das passt.
form-auth = Wie die App sich ausweist
form-auth-secret = Client-Secret
form-auth-secret-hint = Ein langes Passwort, das nach dem Speichern einmal gezeigt wird.
form-auth-secret-off = { $count ->
    [one] Ohne dies wird sein { $count } Secret gelöscht.
   *[other] Ohne dies werden seine { $count } Secrets gelöscht.
}
form-auth-key = Private Key JWT
form-auth-key-hint = Die App signiert mit einem Schlüssel, der bei ihr bleibt; Sie hinterlegen nur die öffentliche Hälfte.
form-keys = Hinterlegte Schlüssel
form-key = Öffentlicher Schlüssel
form-key-more = Öffentlichen Schlüssel hinzufügen
form-key-hint = Fügen Sie einen JWK, einen Satz davon oder PEM ein, das mit -----BEGIN PUBLIC KEY----- beginnt. Nie einen privaten Schlüssel.
form-key-found = Gefunden: { $name }, Schlüssel-ID { $kid }
form-jwks = Oder die Adresse seiner Schlüssel
form-jwks-hint = Ein JWK-Satz, den die App veröffentlicht, wie https://app.example/jwks.json: So kann sie ihre Schlüssel selbst wechseln.
form-scopes-hint = Das Äußerste, was die App je tun darf. Wählen Sie so wenig wie nötig; ein Scope enthält die darunter.
form-scopes-search = Scopes suchen
form-scopes-show = Anzeigen
form-scopes-all = Alle
form-scopes-selected = Gewählte
form-scopes-none = Kein Scope passt.
form-scopes-sign-in = Anmeldung: Diese App kann dann …
form-scopes-general = Allgemein: Diese App kann dann …
form-scopes-user = Für den Benutzer: Diese App kann dann …
form-scopes-admin = Für Administratoren: Diese App kann dann …
form-scopes-gone = Nicht mehr im Katalog
form-scope-parts = { $count ->
    [one] { $count } Teil von { $name }
   *[other] { $count } Teile von { $name }
}
form-scope-gone = Diesen Scope gibt es nicht mehr; entfernen Sie ihn, um zu speichern.
form-scope-powerful = Mächtig
form-scope-barred = Nicht für Clients dieses Typs
form-scope-included = oben enthalten
form-powerful = Sie haben mächtige Scopes gewählt: Sie reichen über die eigenen Dinge eines Benutzers hinaus. Geben Sie sie nur einer App, die Sie selbst betreiben, und lieber die engeren darunter.
form-advanced = Erweitert
form-client-uri = Website der App
form-client-uri-hint = Von der Zustimmungsseite aus können Benutzer dorthin gehen.
form-logo-uri = Logo
form-policy-uri = Datenschutzerklärung
form-tos-uri = Nutzungsbedingungen
form-pkce = PKCE verlangen
form-pkce-hint = Bindet jede Anmeldung an den Browser, in dem sie begann. Jede heutige Bibliothek kann das; schalten Sie es nur für eine ab, die es nicht kann.
form-alg = ID-Tokens werden signiert mit
form-post-logouts = Adressen nach dem Abmelden
form-post-logout = Adresse nach dem Abmelden
form-post-logouts-hint = Wohin ein Browser geschickt werden darf, nachdem der Benutzer sich abgemeldet hat.
form-save = Änderungen speichern
form-cancel = Abbrechen
form-not-own = Dieser Client gehört einem anderen Mandanten, der ihn veröffentlicht hat. Nur dort lässt er sich ändern.
form-conflict-title = Jemand anderes hat diesen Client geändert, während Sie ihn bearbeitet haben. Nichts wurde gespeichert. Sehen Sie nach, was markiert ist: Wenn Sie noch einmal speichern, ersetzt Ihr Wert den anderen.
form-conflict = Jemand hat dies inzwischen geändert. Es ist jetzt: { $name }
form-on = an
form-off = aus
form-nothing = nichts

# Nach dem Anlegen.
created-title = Client angelegt
created-secret-title = Der Client hat ein Secret bekommen
created-secret = Client-Secret
created-once = Kopieren Sie das Secret jetzt: Sie werden es nicht wieder sehen. Wir behalten nur einen Fingerabdruck davon.
created-waiting = Diesem Client wird noch nicht vertraut, deshalb werden seine Token-Anfragen abgelehnt. In einem anderen Tab, damit diese Seite mit dem Secret offen bleibt:
created-no-scopes = Dieser Client hat noch keine Scopes: Er erreicht nichts. In einem anderen Tab, während diese Seite offen bleibt:
created-no-use = Noch kann niemand diesen Client benutzen: Geben Sie ihm eine Redirect-URL, damit sich Benutzer anmelden, oder lassen Sie ihn selbst Tokens holen (Machine-to-Machine). In einem anderen Tab, während diese Seite offen bleibt:
created-code = Fertiger Code
created-code-hint = Mit den Werten dieses Clients. Kopieren Sie ihn, führen Sie ihn aus, und machen Sie von dort weiter.
created-copy-code = Code kopieren
created-done = Ich habe das Secret kopiert
created-to-client = Zum Client

done-client-changed = Die Änderungen sind gespeichert. Sie gelten innerhalb von zwei Sekunden.
done-client-unchanged = Nichts war anders, also wurde nichts geändert.
