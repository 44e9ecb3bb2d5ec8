# The frame of the console, refusals, and what stands between a form and its being carried out.
shell-skip = Skip to content
shell-console = Administration
shell-user-menu = Menu of
shell-account = Your account
shell-sign-out = Sign out
shell-nav = Administration
shell-close = Close
shell-failed = That could not be done just now; what you see here may be out of date. Try again in a moment.

nav-clients = OAuth clients
nav-users = Users
nav-groups = Groups
nav-roles = Roles
nav-tokens = Sign-in & tokens
nav-audit = Audit
nav-settings = Settings

refusal-role-title = Administrators only
refusal-role = You are signed in as { $name }, who may not open this page. An administrator of this tenant can give you the role TenantAdmin.
refusal-to-account = Your account
refusal-to-console = Administration
refusal-form-title = Nothing was changed
refusal-form = The form did not come from this browser’s own page, or the page was too old. Open the page again and repeat what you did.
refusal-old-title = That was too long ago
refusal-old = What you had typed was kept for an hour. Nothing was changed; please type it again.
refusal-to-start = Start page
refusal-only-forms = This address only takes what a form of ours sends. There is nothing to see at it, and loading it again did nothing.
refusal-away-title = The data cannot be reached
refusal-away = The server is up, but its database does not answer. Nothing was changed. Try again in a minute; if it stays like this, tell the operator the reference below.
refusal-gone-title = That is not here
refusal-gone = It may have been deleted in the meantime, or the address is mistyped.
refusal-denied-title = You may not do that
refusal-not-done-title = Nothing was changed
refusal-back = Go back
refusal-reference = Reference

confirm-title = Confirm that it’s you
confirm-not-fresh = You signed in a while ago, and this changes something. Enter your password to go on; nothing you typed is lost.
confirm-signed-out = You had been signed out. Sign in to go on; nothing you typed is lost.
confirm-wrong = That did not work. Check the name and the password.
confirm-throttled =
    { $count ->
        [one] Too many attempts. Wait a second, then try again.
       *[other] Too many attempts. Wait { $count } seconds, then try again.
    }
confirm-away = The database did not answer. What you typed is kept in this page: wait a moment, then try again.
confirm-busy = Many people are signing in right now. Try again in a moment.
confirm-username = User name
confirm-password = Password
confirm-submit = Confirm
confirm-cancel = Cancel

continue-title = Welcome back
continue-what = Everything that you had typed is still here. Nothing has been done yet.
continue-submit = Go on
continue-cancel = Discard
