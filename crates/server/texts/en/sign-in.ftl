# The front page, signing in and signing out.
sign-in-title = Sign in
sign-in-again-title = Confirm it is you
sign-in-again-for = { $name } asks you to sign in again before it goes on.
sign-in-for = to continue to { $name }
sign-in-again-lead = Enter your password again before you go on.
sign-in-lead = with your { $name } account
sign-in-username = User name
sign-in-password = Password
sign-in-confirm = Confirm
sign-in-cancel = Cancel
sign-in-trouble = Trouble signing in?
sign-in-help = An administrator of { $name } can give you a new password.
sign-in-wrong = The user name or password is not right. Check both and try again.
sign-in-throttled =
    { $count ->
        [one] Too many attempts. Try again in 1 second.
       *[other] Too many attempts. Try again in { $seconds } seconds.
    }
sign-in-cookie = Your browser did not send our cookie. Allow cookies for this site, then sign in again.
sign-in-expired = This page was open for too long, so we did not use it. Sign in again.
sign-in-ended = Your session has ended. Sign in again to go on.
home-signed-in = Signed in as { $name }
home-signed-out = You are not signed in
home-account = Your account
home-connect = Connect your app
home-connect-what = Any OpenID Connect library can set itself up from this address:
home-admin = Administration console
home-admin-people = Administrators manage apps, users and settings in the { $name };
home-console = console
home-admin-programs = programs do the same through the { $name }.
home-api = REST API
sign-out-title = Sign out?
sign-out-asks = asks to sign you out of { $name }.
sign-out-user = You are signed in as { $name }. Signing out ends your session in this browser. Apps that you opened may stay signed in until they check again.
sign-out-nobody = This ends your session in this browser, if there is one.
sign-out-submit = Sign out
sign-out-stay = Stay signed in
signed-out-title = Signed out
signed-out-done = You are signed out
signed-out-what = Your session at { $name } has ended. If others use this computer, close the browser too.
signed-out-back = Back to { $name }
signed-out-back-app = Back to the app
signed-out-again = Sign in again
