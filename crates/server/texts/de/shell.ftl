# Der Rahmen der Konsole, Ablehnungen, und was zwischen einem Formular und seiner Ausführung steht.
shell-skip = Zum Inhalt springen
shell-console = Verwaltung
shell-user-menu = Menü von
shell-account = Ihr Konto
shell-sign-out = Abmelden
shell-nav = Verwaltung
shell-close = Schließen
shell-failed = Das war gerade nicht möglich; was Sie hier sehen, ist vielleicht nicht mehr aktuell. Versuchen Sie es gleich noch einmal.

nav-clients = OAuth-Clients
nav-users = Benutzer
nav-groups = Gruppen
nav-roles = Rollen
nav-tokens = Anmeldung & Tokens
nav-audit = Protokoll
nav-settings = Einstellungen

refusal-role-title = Nur für Administratoren
refusal-role = Sie sind als { $name } angemeldet und dürfen diese Seite nicht öffnen. Ein Administrator dieses Mandanten kann Ihnen die Rolle TenantAdmin geben.
refusal-to-account = Ihr Konto
refusal-to-console = Verwaltung
refusal-form-title = Es wurde nichts geändert
refusal-form = Das Formular kam nicht von der eigenen Seite dieses Browsers, oder die Seite war zu alt. Öffnen Sie die Seite neu und wiederholen Sie die Eingabe.
refusal-old-title = Das ist zu lange her
refusal-old = Ihre Eingaben wurden eine Stunde lang aufbewahrt. Es wurde nichts geändert; bitte geben Sie sie noch einmal ein.
refusal-to-start = Startseite
refusal-only-forms = Diese Adresse nimmt nur an, was eines unserer Formulare schickt. Hier ist nichts zu sehen, und das Neuladen hat nichts bewirkt.
refusal-away-title = Die Daten sind nicht erreichbar
refusal-away = Der Server läuft, aber seine Datenbank antwortet nicht. Es wurde nichts geändert. Versuchen Sie es in einer Minute noch einmal; bleibt es so, nennen Sie dem Betreiber das Kennzeichen unten.
refusal-gone-title = Das gibt es hier nicht
refusal-gone = Es wurde vielleicht inzwischen gelöscht, oder die Adresse ist falsch geschrieben.
refusal-denied-title = Das dürfen Sie nicht
refusal-not-done-title = Es wurde nichts geändert
refusal-back = Zurück
refusal-reference = Kennzeichen

confirm-title = Bestätigen Sie, dass Sie es sind
confirm-not-fresh = Ihre Anmeldung liegt eine Weile zurück, und dies ändert etwas. Geben Sie Ihr Passwort ein, um fortzufahren; Ihre Eingaben bleiben erhalten.
confirm-signed-out = Sie waren abgemeldet. Melden Sie sich an, um fortzufahren; Ihre Eingaben bleiben erhalten.
confirm-wrong = Das hat nicht geklappt. Prüfen Sie Name und Passwort.
confirm-throttled =
    { $count ->
        [one] Zu viele Versuche. Warten Sie eine Sekunde, dann versuchen Sie es noch einmal.
       *[other] Zu viele Versuche. Warten Sie { $count } Sekunden, dann versuchen Sie es noch einmal.
    }
confirm-away = Die Datenbank hat nicht geantwortet. Ihre Eingaben bleiben auf dieser Seite erhalten: Warten Sie einen Moment und versuchen Sie es dann noch einmal.
confirm-busy = Gerade melden sich viele Leute an. Versuchen Sie es gleich noch einmal.
confirm-username = Benutzername
confirm-password = Passwort
confirm-submit = Bestätigen
confirm-cancel = Abbrechen

continue-title = Willkommen zurück
continue-what = Alles, was Sie eingegeben hatten, ist noch da. Es wurde noch nichts ausgeführt.
continue-submit = Weiter
continue-cancel = Verwerfen
