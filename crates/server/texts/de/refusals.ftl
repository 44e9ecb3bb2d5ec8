# Was Regeln und Verwaltung ablehnen. Der englische Satz steht im Code neben der Regel (`said!`), hier
# jeder unter `said-` und seinem Schlüssel. Neben einem Feld steht er allein, sonst hinter dessen Namen.

# Jedes Formular
said-name-length = Nötig sind 1 bis { $max } Zeichen.
said-letters-hidden = Darin sind Zeichen, die niemand sieht oder die sich über anderen stapeln. Lassen Sie sie weg.
said-text-length = Möglich sind höchstens { $max } Zeichen.
said-values-max = Möglich sind höchstens { $max } Werte.
said-value-twice = Dieser Wert steht zweimal da.
said-quoted = „{ $address }“: { $why }
said-taken =
    { $what ->
        [email] Diese E-Mail-Adresse ist vergeben: Wählen Sie eine andere.
        [subject] Dieses Subject ist vergeben: Wählen Sie ein anderes.
        [name] Dieser Name ist vergeben: Wählen Sie einen anderen.
       *[other] „{ $what }“ ist vergeben: Wählen Sie etwas anderes.
    }
said-denied-scope = Das Access-Token braucht einen dieser Scopes: { $scopes }.
said-denied-role = Dafür ist die Rolle { $admin } nötig oder eine, die einen dieser Scopes gibt: { $scopes }. Sie haben keine davon.
said-busy-user = Bei Ihnen laufen schon { $max } Listen mit Filter oder Gesamtzahl; mehr sind es nie zugleich. Warten Sie, bis eine fertig ist.
said-busy-tenant = In diesem Mandanten laufen schon { $max } Listen mit Filter oder Gesamtzahl; mehr sind es nie zugleich. Versuchen Sie es gleich noch einmal.
said-busy-late = Gerade laufen zu viele Listen mit Filter oder Gesamtzahl. Versuchen Sie es gleich noch einmal, oder ohne beides.
said-busy-passwords = Gerade werden zu viele Passwörter gesetzt und geprüft. Versuchen Sie es gleich noch einmal.

# Redirect-URLs und Ursprünge
said-redirect-empty = Geben Sie eine Redirect-URL ein.
said-redirect-max = Eine Redirect-URL hat höchstens { $max } Zeichen.
said-redirect-character = Eine Redirect-URL hat keine Leerzeichen, Steuerzeichen, Anführungszeichen, umgekehrten Schrägstriche oder Zeichen außerhalb von ASCII.
said-redirect-wildcard = Eine Redirect-URL hat keinen Platzhalter „*“: Tragen Sie jede Adresse ein.
said-redirect-fragment = Eine Redirect-URL hat kein Fragment „#“.
said-redirect-escape = In einer Redirect-URL steht „%“ nur vor zwei hexadezimalen Ziffern.
said-redirect-no-scheme = Eine Redirect-URL beginnt mit einem Schema wie https://.
said-redirect-plain-http = Verwenden Sie https://; http:// ist nur für localhost, 127.0.0.1 und [::1] da.
said-redirect-forbidden-scheme = Dieses Schema ist nicht für Redirects da.
said-redirect-scheme-not-for-app = Ein eigenes Schema haben nur native Apps.
said-redirect-scheme-case = Schreiben Sie das Schema klein.
said-redirect-scheme-shape = Nach dem Schema einer App kommt :/ oder ://, wie in com.example.app:/callback.
said-redirect-user-info = Eine Redirect-URL hat keinen Benutzernamen und kein Passwort vor dem Host.
said-redirect-host = Host oder Port ist nicht gültig.
said-origin-length = Ein Ursprung hat 1 bis { $max } Zeichen.
said-origin-wildcard = Ein Ursprung hat keinen Platzhalter „*“: Tragen Sie jeden ein.
said-origin-scheme = Ein Ursprung beginnt mit https://; http:// ist nur für localhost, 127.0.0.1 und [::1] da.
said-origin-path = Ein Ursprung endet mit Host oder Port: ohne Pfad, ohne Abfrage, ohne Schrägstrich am Ende.
said-origin-case = Schreiben Sie den Ursprung klein, wie Browser ihn senden.
said-origin-host = Host oder Port ist nicht gültig.
said-origin-default-port = Lassen Sie den Port { $port } weg: Browser senden ihn bei diesem Schema nicht.
said-origins-not-for-type = Ursprünge sind für Single-Page-Apps da, und für Web-Clients, die im Namen von Benutzern handeln.

# Clients
said-scope-name = Ein Scope hat 1 bis { $max } druckbare ASCII-Zeichen, ohne Leerzeichen, Anführungszeichen und umgekehrten Schrägstrich.
said-scopes-long = Die Liste der Scopes ist länger als { $max } Bytes.
said-scopes-many = Die Liste hat mehr als { $max } Scopes.
said-scope-unknown = Den Scope „{ $scope }“ gibt es nicht.
said-scope-not-for-type =
    „{ $scope }“ ist für { $type ->
        [web] Web-Clients
        [spa] Single-Page-Apps
        [native] native Clients
       *[other] anonyme Einbettung
    } eines Mandanten nicht vorgesehen.
said-grants-not-for-type = Das gibt es nur bei Web-Clients.
said-id-token-alg = Möglich sind RS256, ES256 und PS256.
said-consent-embed = Bei anonymer Einbettung ist Zustimmung erforderlich.
said-consent-published = Zustimmung bleibt erforderlich: Ein veröffentlichter Client kann nicht vertrauenswürdig sein.
said-consent-stays-embed = Bei anonymer Einbettung bleibt Zustimmung erforderlich.
said-web-only = Das gibt es nur bei Web-Clients: Andere können nichts geheim halten.
said-auth-none = Wählen Sie das Client-Secret, Private Key JWT oder beides.
said-keys-none = Für Private Key JWT fehlt ein Schlüssel: Hinterlegen Sie einen, oder die Adresse der Schlüssel.
said-keys-unused = Schlüssel gehören zu Private Key JWT: Erlauben Sie es, oder lassen Sie die Schlüssel weg.
said-jwks-unused = Die Adresse gehört zu Private Key JWT: Erlauben Sie es, oder lassen Sie die Adresse weg.
said-keys-max = Möglich sind höchstens { $max } Schlüssel.
said-kid-control = „kid“ hat Steuerzeichen.
said-kid-taken = Ein anderer Schlüssel hat die „kid“ „{ $kid }“.
said-link-max = Möglich sind höchstens { $max } Zeichen.
said-link-https = Nötig ist eine Adresse, die mit https:// beginnt.
said-link-web = Nötig ist eine Adresse, die mit https:// oder http:// beginnt.
said-link-user-info = Vor dem Host steht kein Benutzername und kein Passwort.
said-link-private = Die Adresse führt in ein privates Netz: Verwenden Sie eine öffentliche.
said-client-not-own = Dieser Client gehört nicht diesem Mandanten: Geändert wird er dort, wo er hingehört.
said-clients-max = Der Mandant hat schon seine { $most } Clients. Löschen Sie einen, der nicht benutzt wird.
said-chosen-max = Möglich sind höchstens { $max } Clients.
said-secret-not-allowed = Dieser Client weist sich nicht mit einem Secret aus: Erlauben Sie ihm zuerst das Client-Secret. Das geht nur bei Web-Clients.
said-secrets-max = Mehr als { $most } Client-Secrets sind nicht möglich.
said-secret-last = Nur mit dem Secret, das auf { $hint } endet, kann sich dieser Client noch ausweisen: Ohne es bekommt er keine Tokens mehr. Erzeugen Sie zuerst ein anderes.
said-expiry-future = Der Zeitpunkt liegt nicht in der Zukunft.

# Öffentliche Schlüssel
said-key-text-no-key = Fügen Sie einen öffentlichen Schlüssel ein: einen JWK in JSON, oder PEM, das mit -----BEGIN PUBLIC KEY----- beginnt.
said-key-text-not-json = Das ist kein JSON: Ein JWK beginnt mit { "{" } und endet mit { "}" }.
said-key-text-private = Das ist ein privater Schlüssel: Lassen Sie ihn dort, wo Ihre App läuft, und fügen Sie nur die öffentliche Hälfte ein, die „openssl pkey -in key.pem -pubout“ ausgibt.
said-key-text-certificate = Das ist ein Zertifikat: Fügen Sie nur dessen öffentlichen Schlüssel ein, den „openssl x509 -in certificate.pem -pubkey -noout“ ausgibt.
said-key-text-pem = In diesem PEM steht kein öffentlicher Schlüssel, der sich lesen lässt.
said-key-text-kind = Schlüssel dieser Art lassen sich nicht verwenden: Es gehen RSA, EC P-256, EC P-384 und Ed25519.
said-jwk-not-an-object = Der Schlüssel ist kein JSON-Objekt.
said-jwk-private-member = Der Schlüssel hat den privaten Teil „{ $member }“; senden Sie nur den öffentlichen Schlüssel.
said-jwk-missing = Dem Schlüssel fehlt „{ $member }“.
said-jwk-not-text = „{ $member }“ ist kein Text.
said-jwk-unknown-kty = „kty“ ist weder RSA noch EC noch OKP.
said-jwk-unknown-crv = „crv“ ist weder P-256 noch P-384 (EC) noch Ed25519 (OKP).
said-jwk-base64 = „{ $member }“ ist kein base64url ohne Füllzeichen.
said-jwk-leading-zero = „{ $member }“ beginnt mit einem Null-Byte (RFC 7518, Abschnitt 6.3.1).
said-jwk-rsa-size = Der RSA-Modulus hat { $bits } Bit; möglich sind 2048 bis 8192.
said-jwk-rsa-modulus = Der RSA-Modulus ist kein Produkt ungerader Primzahlen.
said-jwk-rsa-exponent = Der RSA-Exponent ist keine ungerade Zahl zwischen 65537 und 2^32.
said-jwk-length = „{ $member }“ ist nicht { $expected } Bytes lang.
said-jwk-not-on-curve = Der Schlüssel ist kein zulässiger Punkt seiner Kurve.
said-jwk-wrong-use = „use“ ist nicht „sig“.
said-jwk-unsupported-alg = „alg“ ist keines von RS256, RS512, PS256, ES256, ES384, EdDSA.
said-jwk-alg-mismatch = „alg“ ist { $alg }; das kann ein Schlüssel dieser Art nicht.
said-jwk-kid = „kid“ ist leer oder länger als { $max } Bytes.
said-jwk-not-a-set = Der Schlüsselsatz ist kein Objekt mit einer Liste „keys“.
said-jwk-empty-set = Der Schlüsselsatz ist leer.
said-jwk-too-many-keys = Der Schlüsselsatz hat mehr als { $max } Schlüssel.
said-jwk-duplicate-kid = Zwei Schlüssel des Satzes haben dieselbe „kid“.

# Benutzer, Gruppen, Rollen
said-email = Das ist keine Adresse wie name@example.com.
said-email-needed = Für eine Einladung ist eine E-Mail-Adresse nötig.
said-invitees = Möglich sind 1 bis { $max } Personen.
said-not-invited = Eine Einladung hat nur, wer eingeladen ist und noch nicht gekommen ist.
said-invited-no-more = Dieser Benutzer ist nicht mehr eingeladen: Ist er aktiv, bekommt er ein neues Passwort; ist er deaktiviert, wird er erst freigegeben.
said-subject = Nötig sind 1 bis { $max } sichtbare ASCII-Zeichen.
said-subject-client = Das ist die ID eines OAuth-Clients, der unter ihr handelt: Wählen Sie etwas anderes.
said-password-length = Nötig sind mindestens { $least } Zeichen und höchstens { $most } Bytes.
said-bot-password = Als dieser Benutzer handelt der OAuth-Client { $client }: Er hat kein Passwort.
said-bot-delete = Als dieser Benutzer handelt der OAuth-Client { $client }: Löschen Sie den Client, dann geht auch dieser Benutzer.
said-last-administrator = Damit hätte der Mandant keinen aktiven Benutzer mit Passwort und der Rolle { $admin } mehr. Geben Sie die Rolle zuerst jemand anderem.
said-user-mighty = Dieser Benutzer hat die Rolle { $name }, die Sie oder diese App nicht geben könnten: Das kann jemand mit der Rolle { $admin } tun, über eine App mit dem Scope admin_classic.
said-role-mighty = Die Rolle { $name } gibt mehr, als Sie selbst haben, oder mehr, als diese App für Sie tun darf. Jemand mit der Rolle { $admin } kann sie geben und nehmen, über eine App mit dem Scope admin_classic.
said-role-unknown = Die Rolle „{ $role }“ gibt es in diesem Mandanten nicht.
said-role-default = Die Rolle { $name } gehört zum Mandanten: Sie wird nicht geändert und nicht gelöscht. Legen Sie eine eigene an.
said-roles-max = Ein Mandant hat höchstens { $max } eigene Rollen.
said-roles-passed = Die { $groups } Gruppen eines Mandanten, die am meisten Rollen geben, geben zusammen höchstens { $roles }, damit niemand durch Gruppen mehr bekommt. Fassen Sie Rollen, die zusammengehören, zu einer mit allen Scopes zusammen.
said-scope-mighty = Der Scope { $scope } ist mehr, als Sie selbst haben, oder mehr, als diese App für Sie tun darf: Das gibt niemand durch eine Rolle.
said-scope-not-in-catalogue = Einen dieser Scopes gibt es im Katalog dieses Servers nicht.
said-everybody-has-role = { $scope } ist hier nicht möglich, denn alle haben diese Rolle.
said-everybody-administers = Die Rolle { $role } gibt { $scope }; das ist nicht für alle gedacht.
said-group-unknown = Diese Gruppe gibt es in diesem Mandanten nicht.
said-group-everyone = In dieser Gruppe sind schon alle.
said-group-system = Diese Gruppe gehört zum Mandanten: Ihre Rollen stehen in den Einstellungen der Gruppen, und sie wird nicht gelöscht.
said-groups-max = Ein Mandant hat höchstens { $max } Gruppen.

# Lebensdauern, Schlüssel, Aussehen
said-lifetime-bounds = Möglich sind { $least } bis { $most }.
said-session-idle = Das ist länger als „{ $field }“: Dann endet eine Sitzung auf jeden Fall.
said-signing-keys-max = Es gibt { $max } Schlüssel, mit denen Tokens des letzten Tages signiert sein können. Warten Sie, bis der älteste ausläuft, oder ersetzen Sie alle sofort.
said-colour = Schreiben Sie eine Farbe als #rrggbb, etwa #0e5e57.
said-logo-empty = Die Datei ist leer: Wählen Sie ein Bild.
said-logo-bytes = Möglich sind höchstens { $max } kB.
said-logo-side = Das Bild hat { $width } × { $height } Pixel: An der längeren Seite sind { $max } möglich.
said-picture-unknown = Das ist kein Bild als PNG, JPEG oder WebP; SVG wird nicht genommen, weil es Skripte enthalten kann.
said-picture-broken = Das Bild ist beschädigt, abgeschnitten oder hat etwas hinter seinem Ende: Exportieren Sie es noch einmal.
said-picture-animated = Das Bild bewegt sich: Nehmen Sie ein stehendes.
said-list-sort = Möglich sind + oder - und eines davon: { $names }.
said-list-cursor = Dieser Verweis gehört zu keiner Seite dieser Liste, so wie sie jetzt eingeschränkt und sortiert ist. Beginnen Sie von vorn.
said-group-mighty = Die Gruppe { $name } gibt mehr, als Sie selbst haben, oder mehr, als diese App für Sie tun darf. Jemand mit der Rolle { $admin } kann Benutzer aufnehmen und herausnehmen, über eine App mit dem Scope admin_classic.

# Das Protokoll
said-day-unreadable = Nötig ist ein Tag wie 2027-01-31.
said-zone-unknown = Diese Zeitzone kennt der Server nicht; eine wie Europe/Berlin kennt er. Lassen Sie sie in der Adresse weg, dann gelten die Tage von UTC.
