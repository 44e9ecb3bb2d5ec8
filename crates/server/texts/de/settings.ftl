# Anmeldung & Tokens, und Einstellungen.
tokens-title = Anmeldung & Tokens
tokens-lead = Wie lange Tokens und Sitzungen leben, und die Schlüssel, die Tokens signieren.
lifetimes-title = Lebensdauern
lifetimes-lead = Eine Änderung gilt für alles, was ab jetzt ausgegeben wird: Tokens, die schon unterwegs sind, behalten ihre Dauer. Unbenutzte Sitzungen enden sofort nach der neuen Regel.
lifetimes-save = Lebensdauern speichern
lifetime-unit = Einheit von { $name }
lifetime-range = { $least } bis { $most }.
lifetime-no-number = Schreiben Sie eine ganze Zahl.
lifetime-accesstoken = Access-Token
lifetime-hint-accesstoken = Wie lange eine App handeln darf, bevor sie neu fragen muss.
lifetime-idtoken = ID-Token
lifetime-hint-idtoken = Wie lange eine App die Antwort auf „Wer ist das?“ für frisch halten darf.
lifetime-refreshtoken = Refresh-Token
lifetime-hint-refreshtoken = Wie lange eine App wegbleiben und doch ohne den Benutzer wiederkommen darf.
lifetime-refreshgrace = Nachsicht nach einer Erneuerung
lifetime-hint-refreshgrace = Wie lange ein benutztes Refresh-Token verziehen wird, weil eine Antwort verloren ging.
lifetime-authorizationcode = Autorisierungscode
lifetime-hint-authorizationcode = Wie lange eine App Zeit hat, den Code einer Anmeldung einzulösen.
lifetime-sessionidle = Sitzung ohne Benutzung
lifetime-hint-sessionidle = Nach dieser Zeit ohne eine Seite muss sich ein Browser neu anmelden.
lifetime-sessionmaximum = Sitzung höchstens
lifetime-hint-sessionmaximum = Nach dieser Zeit muss sich ein Browser auf jeden Fall neu anmelden.
unit-seconds = Sekunden
unit-minutes = Minuten
unit-hours = Stunden
unit-days = Tage
duration-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
duration-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
duration-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
duration-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
keys-title = Signaturschlüssel
keys-lead = Apps finden die öffentlichen Hälften unter /.well-known/jwks.json. Ein neuer Schlüssel wird veröffentlicht, bevor er signiert, damit keine App überrascht wird.
keys-rotate = Jetzt wechseln
keys-kid = Schlüssel-ID
keys-alg = Verfahren
keys-signs-from = Signiert ab
keys-verifies-until = Gilt bis
key-next = Nächster
key-active = Signiert
key-retiring = Läuft aus
key-retired = Abgelaufen
rotate-keys-title = Signaturschlüssel wechseln?
rotate-keys-what = Für jedes benutzte Verfahren wird ein neuer Schlüssel angelegt und jetzt veröffentlicht. Er signiert in zehn Minuten, damit Apps ihn bis dahin geholt haben; die heutigen Schlüssel gelten noch einen Tag. Laufende Apps merken nichts.
rotate-keys-at-once = Ist ein Schlüssel bekannt geworden?
rotate-keys-at-once-hint = Der neue Schlüssel signiert jetzt, die alten gelten ab jetzt nicht mehr. Jedes Token, das unterwegs ist, wird ungültig: Apps müssen neue holen, und manche zeigen Fehler, bis sie den neuen Schlüssel geholt haben.
settings-title = Einstellungen
settings-lead = Wie dieser Mandant heißt und wo er lebt.
settings-name-title = Name
settings-name = Name des Mandanten
settings-name-hint = Wird bei der Anmeldung gezeigt, und wenn eine App um Zugriff bittet.
settings-save = Speichern
looks-title = Aussehen
looks-lead = Was Menschen sehen, wenn sie sich anmelden, wenn eine App um Zugriff bittet, in ihrem Konto und hier.
looks-accent = Akzentfarbe
looks-accent-hint = # und sechs Ziffern, etwa #0e5e57. Leer: die Farben des Produkts.
looks-accent-wrong = Schreiben Sie # und sechs Ziffern von 0 bis 9 und a bis f, etwa #0e5e57.
looks-accent-save = Farbe speichern
looks-pick = Akzentfarbe wählen
looks-sample-button = Knopf
looks-sample-link = Verweis
looks-on-light = Auf hellen Seiten
looks-on-dark = Auf dunklen Seiten
looks-contrast = Kontrast { $ratio }:1.
looks-adjusted = Ihre Farbe hat hier { $ratio }:1, und Text braucht 4,5:1, um lesbar zu sein. Seiten zeigen stattdessen diesen Ton davon.
looks-logo = Logo
looks-logo-hint = Ein Bild als PNG, JPEG oder WebP mit höchstens { $size } kB und { $count } Pixeln an der längeren Seite. Es wird 36 Pixel hoch gezeigt; auf dunklen Seiten steht es auf Weiß.
looks-logo-save = Logo hochladen
looks-logo-size = { $width } × { $height } Pixel
looks-logo-remove = Logo entfernen
settings-hosts-title = Adressen
settings-hosts-lead = Hostnamen führen nur hierher, wenn DNS und Zertifikate sie kennen; deshalb setzt sie der Betreiber dieses Servers. Der Aussteller ändert sich nie.
settings-issuer = Aussteller
settings-hostnames = Hostnamen
settings-primary = Haupt-Host
settings-tenant-id = Mandanten-ID
settings-region = Region
done-lifetimes-saved = Die Lebensdauern sind gespeichert.
done-keys-rotated = Neue Schlüssel sind veröffentlicht. Sie signieren in zehn Minuten.
done-keys-replaced = Die Schlüssel wurden ersetzt. Vorher signierte Tokens sind ungültig.
done-settings-saved = Die Einstellungen sind gespeichert.
done-accent-saved = Die Akzentfarbe ist gespeichert.
done-logo-saved = Das Logo ist gespeichert.
done-logo-removed = Das Logo ist entfernt. Seiten zeigen stattdessen den Anfangsbuchstaben des Mandanten.
