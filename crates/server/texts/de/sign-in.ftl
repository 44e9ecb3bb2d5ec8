# Die Startseite, das Anmelden und das Abmelden.
sign-in-title = Anmelden
sign-in-again-title = Bestätigen Sie, dass Sie es sind
sign-in-again-for = { $name } bittet Sie, sich noch einmal anzumelden, bevor es weitergeht.
sign-in-for = um zu { $name } zu gelangen
sign-in-again-lead = Geben Sie Ihr Passwort noch einmal ein, bevor Sie fortfahren.
sign-in-lead = mit Ihrem Konto bei { $name }
sign-in-username = Benutzername
sign-in-password = Passwort
sign-in-confirm = Bestätigen
sign-in-cancel = Abbrechen
sign-in-trouble = Klappt die Anmeldung nicht?
sign-in-help = Ein Administrator von { $name } kann Ihnen ein neues Passwort geben.
sign-in-wrong = Benutzername oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.
sign-in-throttled =
    { $count ->
        [one] Zu viele Versuche. Versuchen Sie es in einer Sekunde noch einmal.
       *[other] Zu viele Versuche. Versuchen Sie es in { $seconds } Sekunden noch einmal.
    }
sign-in-cookie = Ihr Browser hat unser Cookie nicht geschickt. Erlauben Sie Cookies für diese Seite und melden Sie sich dann noch einmal an.
sign-in-expired = Diese Seite war zu lange offen, deshalb haben wir sie nicht verwendet. Melden Sie sich noch einmal an.
sign-in-ended = Ihre Sitzung ist beendet. Melden Sie sich noch einmal an, um fortzufahren.
home-signed-in = Angemeldet als { $name }
home-signed-out = Sie sind nicht angemeldet
home-account = Ihr Konto
home-connect = Ihre App anbinden
home-connect-what = Jede OpenID-Connect-Bibliothek kann sich mit dieser Adresse selbst einrichten:
home-admin = Verwaltung
home-admin-people = Administratoren verwalten Apps, Benutzer und Einstellungen in der { $name };
home-console = Verwaltung
home-admin-programs = Programme tun dasselbe über die { $name }.
home-api = REST-API
sign-out-title = Abmelden?
sign-out-asks = möchte Sie bei { $name } abmelden.
sign-out-user = Sie sind als { $name } angemeldet. Das Abmelden beendet Ihre Sitzung in diesem Browser. Geöffnete Apps bleiben vielleicht angemeldet, bis sie wieder nachfragen.
sign-out-nobody = Damit endet Ihre Sitzung in diesem Browser, falls es eine gibt.
sign-out-submit = Abmelden
sign-out-stay = Angemeldet bleiben
signed-out-title = Abgemeldet
signed-out-done = Sie sind abgemeldet
signed-out-what = Ihre Sitzung bei { $name } ist beendet. Wenn auch andere diesen Computer benutzen, schließen Sie zusätzlich den Browser.
signed-out-back = Zurück zu { $name }
signed-out-back-app = Zurück zur App
signed-out-again = Wieder anmelden
