# Die Tabelle der Clients, und Wörter, die alle Seiten über Clients gemeinsam haben.
copy-what = Kopieren: { $name }
copy-id = ID kopieren: { $name }
copy-client-id = Client-ID kopieren: { $name }
copy-secret = Client-Secret kopieren: { $name }
copy-subject = Subject kopieren: { $name }
copy-environment = Umgebung kopieren: { $name }
copy-code = Code kopieren: { $name }
shell-copied = Kopiert

list-filter-unknown = Diese Adresse schränkt die Liste auf etwas ein, das es nicht gibt. Wählen Sie oben, was Sie sehen möchten.
field-sort = Sortierung
field-next = Seite
field-prev = Seite

ago-moment = gerade eben
ago-minutes = { $count ->
    [one] vor { $count } Minute
   *[other] vor { $count } Minuten
}
ago-hours = { $count ->
    [one] vor { $count } Stunde
   *[other] vor { $count } Stunden
}
ago-days = { $count ->
    [one] vor 1 Tag
   *[other] vor { $count } Tagen
}
ago-months = { $count ->
    [one] vor { $count } Monat
   *[other] vor { $count } Monaten
}
ago-years = { $count ->
    [one] vor { $count } Jahr
   *[other] vor { $count } Jahren
}
in-moment = gleich
in-minutes = { $count ->
    [one] in { $count } Minute
   *[other] in { $count } Minuten
}
in-hours = { $count ->
    [one] in { $count } Stunde
   *[other] in { $count } Stunden
}
in-days = { $count ->
    [one] in 1 Tag
   *[other] in { $count } Tagen
}
in-months = { $count ->
    [one] in { $count } Monat
   *[other] in { $count } Monaten
}
in-years = { $count ->
    [one] in { $count } Jahr
   *[other] in { $count } Jahren
}

type-web = Web
type-spa = Single-Page-App
type-native = Nativ
type-anonymous-embed = Anonyme Einbettung
consent-required = Erforderlich
consent-trusted = Vertrauenswürdig
status-enabled = Aktiv
status-disabled = Deaktiviert
status-published = Veröffentlicht

column-name = Name
column-type = Typ
column-client-id = Client-ID
column-scopes = Scopes
column-consent = Zustimmung
column-status = Status
column-secrets = Secrets
column-last-used = Zuletzt benutzt
column-created = Erstellt
column-updated = Geändert
columns-title = Spalten
columns-lead = Wählen Sie, was die Tabelle zeigt, und in welcher Reihenfolge. Sie können auch die Köpfe der Tabelle ziehen.
columns-up = { $name } nach oben
columns-down = { $name } nach unten
columns-save = Spalten speichern
columns-usual = Die üblichen Spalten

clients-title = OAuth-Clients
clients-lead = Die Apps und Programme, die in diesem Mandanten Tokens anfordern dürfen.
clients-new = Client anlegen
clients-search = Nach Name oder Client-ID suchen
clients-any-type = Jeder Typ
clients-any-consent = Jede Zustimmung
clients-any-status = Jeder Status
clients-unused = Seit 90 Tagen unbenutzt
clients-apply = Anwenden
clients-found = { $count ->
    [one] { $count } Client
   *[other] { $count } Clients
}
clients-show-all = Alle zeigen
clients-select-all = Alle auf dieser Seite auswählen
clients-select = { $name } auswählen
clients-delete-selected = Ausgewählte löschen
clients-actions = Aktionen
clients-menu = Aktionen für { $name }
clients-scopes = { $count ->
    [one] { $count } Scope
   *[other] { $count } Scopes
}
clients-no-scopes = Keine Scopes
clients-secrets = { $count ->
    [one] { $count }, angelegt { $name }
   *[other] { $count }, ältestes angelegt { $name }
}
clients-never = Nie
clients-spark = { $count ->
    [one] { $count } Token in den letzten 30 Tagen
   *[other] { $count } Tokens in den letzten 30 Tagen
}
clients-edit = Bearbeiten
clients-secrets-manage = Secrets verwalten
clients-consent-change = Zustimmung ändern
clients-publish = Veröffentlichen
clients-configuration = OAuth-Konfiguration ansehen
clients-copy-id = Client-ID kopieren
clients-enable = Aktivieren
clients-disable = Deaktivieren
clients-delete = Löschen
clients-empty-title = Noch keine Clients
clients-empty = Mit einem Client meldet sich eine App oder ein Programm an. Legen Sie einen an, geben Sie ihm nur die Scopes, die er braucht, und kopieren Sie ID und Secret in Ihre App.
clients-none-found = Kein Client passt
clients-none-found-hint = Versuchen Sie ein anderes Wort oder weniger Filter.
clients-pages = Seiten
clients-prev = Zurück
clients-next = Weiter

done-columns-saved = Die Spalten sind gespeichert.
done-client-deleted = Der Client wurde gelöscht. Seine Tokens funktionieren in höchstens zwei Sekunden nicht mehr.
