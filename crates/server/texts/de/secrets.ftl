# The secrets and keys of a client, and the guide that replaces a secret.
secrets-title = Secrets verwalten
secrets-lead = Mit einem Secret weist eine App nach, dass sie dieser Client ist. Er kann mehrere haben, damit eines ohne Ausfall ersetzt werden kann.
secrets-new = Neues Client-Secret erzeugen
secrets-rotate = Ersetzen
secrets-hint = Endet auf
secrets-label = Bezeichnung
secrets-no-label = keine Bezeichnung
secrets-expires = Läuft ab
secrets-no-expiry = nie
secrets-expired = Abgelaufen
secrets-empty-title = Keine Secrets
secrets-empty = Erzeugen Sie eines und geben Sie es Ihrer App. Bis dahin kann sich der Client nicht mit einem Secret ausweisen.
secrets-not-used-title = Dieser Client hat keine Secrets
secrets-not-used = Er weist sich nicht mit einem Secret aus. Nur Web-Clients können das: Bearbeiten Sie den Client und erlauben Sie Client-Secret.
secrets-full = Dieser Client hat so viele Secrets, wie er haben darf. Löschen Sie erst eines, das nicht mehr benutzt wird.
secrets-new-lead = { $name } kann es sofort benutzen, neben denen, die es schon gibt.
secrets-label-hint = Wofür es ist, damit Sie es wiederfinden: Produktion, Bobs Laptop. Höchstens 100 Zeichen.
secrets-expires-field = Letzter Tag (freiwillig)
secrets-expires-hint = Am Ende dieses Tages (UTC) gilt es nicht mehr. Lassen Sie das Feld leer, wenn es nicht ablaufen soll.
secrets-expires-wrong = Das ist kein Tag. Schreiben Sie ihn wie 2027-01-31.
secrets-expires-past = Dieser Tag ist vorbei. Wählen Sie einen späteren.
secrets-generate = Secret erzeugen
client-keys-title = Öffentliche Schlüssel
client-keys-lead = Mit dem privaten Schlüssel zu einem von diesen kann sich der Client ohne Secret ausweisen. Geändert werden Schlüssel beim Bearbeiten des Clients.
client-keys-fetched = Schlüssel werden geholt von
client-keys-kid = Schlüssel-ID

secret-made-title = Ihr neues Secret
secret-made-once = Kopieren Sie es jetzt. Sie sehen es nie wieder: Wir behalten nur einen Fingerabdruck davon.
secret-made-secret = Client-Secret
secret-made-hint = Daran finden Sie es später in der Liste.
secret-made-next = Legen Sie es in der Konfiguration oder im Tresor Ihrer App ab; nie in Code, Chat oder Mail.
secret-made-done = Ich habe es kopiert
secret-made-rotate = Ich habe es kopiert, weiter

secret-delete-title = Das Secret löschen, das auf { $name } endet?
secret-delete-busy = Dieses Secret wurde in den letzten 24 Stunden benutzt. Was es noch benutzt, funktioniert nach spätestens zwei Sekunden nicht mehr.
secret-delete-lately = Dieses Secret wurde in den letzten 30 Tagen benutzt. Stellen Sie sicher, dass alles, was es benutzt hat, ein anderes Secret hat.
secret-delete-unused = Dieses Secret wurde in den letzten 30 Tagen nicht benutzt.
secret-delete-confirm = Es ist in Gebrauch. Um es trotzdem zu löschen, tippen Sie { $name }
secret-delete-confirm-wrong = So endet dieses Secret nicht. Nichts wurde gelöscht.
secret-delete-force = Den Client ohne gültiges Secret lassen
secret-delete-last = Nur damit kann sich dieser Client noch ausweisen. Ohne es bekommt er keine Tokens mehr, bis Sie ein anderes erzeugen.
secret-delete-force-wrong = Es ist das letzte, das gilt. Erzeugen Sie erst ein anderes, oder setzen Sie dieses Häkchen.
secret-delete-submit = Secret löschen

rotate-title = Ein Secret ersetzen
rotate-lead = Ersetzen Sie ein Secret ohne Ausfall: Beide gelten, bis Sie das alte löschen.
rotate-steps = Schritte
rotate-step-make = Neues Secret
rotate-step-deploy = Ausrollen
rotate-step-wait = Warten, bis das alte ruht
rotate-step-delete = Das alte löschen
rotate-step-done = erledigt
rotate-choose = Welches Secret möchten Sie ersetzen?
rotate-make = Das Secret ersetzen, das auf { $name } endet
rotate-make-lead = Erzeugen Sie das neue Secret. Das alte gilt weiter.
rotate-deploy = Geben Sie Ihrer App das neue Secret
rotate-deploy-lead = Bringen Sie es überall hin, wo das alte benutzt wird. Sobald das Secret, das auf { $name } endet, zum ersten Mal benutzt wird, sagt es diese Seite von selbst.
rotate-busy = Das alte Secret ist noch in Gebrauch
rotate-busy-lead = Altes Secret: zuletzt benutzt { $name }. Etwas hat es noch; diese Seite sieht zu, bis es 10 Minuten lang ruht.
rotate-calming = Altes Secret: zuletzt benutzt { $name }. Nach 10 Minuten ohne Gebrauch gilt es als ruhig.
rotate-calm = Warten, bis das alte Secret ruht
rotate-leave = Sie müssen diese Seite nicht offen lassen: Ihre Adresse führt zu diesem Schritt zurück. Um das alte Secret sofort zu löschen oder beide zu behalten:
rotate-quiet = Das alte Secret ruht
rotate-quiet-lead = Altes Secret: zuletzt benutzt { $name }. Wenn etwas es nur einmal am Tag oder in der Woche benutzt, warten Sie auch darauf.
rotate-never-used = Das alte Secret wurde nie benutzt.
rotate-old = Altes Secret
rotate-new = Neues Secret
rotate-seconds = { $count ->
    [one] vor { $count } Sekunde
   *[other] vor { $count } Sekunden
}
rotate-refresh = Neu laden
rotate-delete = Das alte Secret löschen
rotate-done = Fertig
rotate-done-lead = Das alte Secret ist weg. Ihre App benutzt das, das auf { $name } endet.
rotate-gone-title = Dieses Secret ist nicht da
rotate-gone = Ein Secret dieses Vorgangs wurde inzwischen gelöscht, oder die Adresse ist vertippt.
rotate-again = Neu beginnen

done-secret-deleted = Das Secret ist gelöscht. Nach spätestens zwei Sekunden gilt es nicht mehr.
