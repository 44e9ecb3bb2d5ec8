# Choosing a type.
form-new-title = Create client
form-type-lead = What kind of app is it? The type decides how it proves who it is, and cannot be changed later.
form-other-type = Other type
form-when-web = Code that runs on a server and can keep a secret: websites with a backend, and programs that run by themselves.
form-when-spa = JavaScript in the browser without a server of its own: it has no secret and signs users in with PKCE.
form-when-native = An app on a phone or a computer: it has no secret and signs users in with PKCE in the system’s browser.
form-when-anonymous-embed = Content that is shown in other pages to people who are not signed in.
form-such-as-web = Such as a portal, a nightly job, a command in CI
form-such-as-spa = Such as React, Vue or plain JavaScript
form-such-as-native = Such as iOS, Android, desktop and command-line tools
form-such-as-anonymous-embed = Such as a public chart on a website
form-new-web = Create a web client
form-new-spa = Create a single-page app client
form-new-native = Create a native client
form-new-anonymous-embed = Create an anonymous embed client

# The form.
form-edit-title = Edit { $name }
form-type-fixed = The type of a client never changes.
form-not-saved = Nothing was saved yet: something needs another look.
form-to-field = Go there
form-about = About the app
form-name-hint = Users see it when they are asked for consent.
form-description = Description
form-description-hint = What the app is for. Users see it, too.
form-use = How it works
form-machine = Machine-to-machine
form-machine-hint = The program asks for tokens by itself, with nobody signed in. It works only while the client is trusted, because there is nobody who could be asked for consent.
form-impersonation = Impersonation
form-impersonation-hint = The program acts as a user whom it names, without their signing in. Only for a trusted client, and only for what you write yourself.
form-consent = Consent
form-consent-required = Required: ask each user
form-consent-required-hint = Users see what the app will be able to do, and decide. Right for apps of others.
form-consent-trusted = Trusted: ask nobody
form-consent-trusted-hint = You vouch for the app on behalf of all users. Needed for machine-to-machine and impersonation.
form-machine-waits = Machine-to-machine and impersonation work only for trusted clients: set the consent method to Trusted, or its token requests are refused.
form-trust = Set it to Trusted
form-machine-waits-edit = Machine-to-machine and impersonation work only for trusted clients, and this one is not: its token requests are refused.
form-addresses = Addresses
form-address = { $name } { $count }
form-redirects = Redirect URLs
form-redirect = Redirect URL
form-redirects-hint-web = Where users return after they signed in. Compared letter by letter; leave them out if nobody signs in.
form-redirects-hint-spa = The page of your app to which users return after they signed in. Compared letter by letter.
form-redirects-hint-native = Where the app hears that the user signed in: a scheme of its own, such as com.example.app:/callback, or http://127.0.0.1/callback with any port.
form-origins = Allowed origins
form-origin = Allowed origin
form-origins-hint = The websites whose JavaScript may call: scheme, host and port, without a path.
form-add-another = Add another
form-check-good = This fits.
form-auth = How the app proves who it is
form-auth-secret = Client secret
form-auth-secret-hint = A long password, which is shown once after you save.
form-auth-secret-off = { $count ->
    [one] Without this, its { $count } secret is deleted.
   *[other] Without this, its { $count } secrets are deleted.
}
form-auth-key = Private key JWT
form-auth-key-hint = The app signs with a key that never leaves it; you register only the public half.
form-keys = Registered keys
form-key = Public key
form-key-more = Add a public key
form-key-hint = Paste a JWK, a set of them, or PEM that begins with -----BEGIN PUBLIC KEY-----. Never a private key.
form-key-found = Found: { $name }, key ID { $kid }
form-jwks = Or the address of its keys
form-jwks-hint = A JWK set that the app publishes, such as https://app.example/jwks.json: it can change its keys by itself.
form-scopes-hint = The most that the app may ever do. Choose as little as it needs; a scope includes those below it.
form-scopes-search = Search scopes
form-scopes-show = Show
form-scopes-all = All
form-scopes-selected = Selected
form-scopes-none = No scope fits.
form-scopes-sign-in = Signing in: this app will be able to…
form-scopes-general = In general: this app will be able to…
form-scopes-user = For the user: this app will be able to…
form-scopes-admin = For administrators: this app will be able to…
form-scopes-gone = No longer in the catalogue
form-scope-parts = { $count ->
    [one] { $count } part of { $name }
   *[other] { $count } parts of { $name }
}
form-scope-gone = This scope does not exist any more; remove it to save.
form-scope-powerful = Powerful
form-scope-barred = Not for this type of client
form-scope-included = included above
form-powerful = You chose powerful scopes: they reach beyond a user’s own things. Only give them to an app that you run yourself, and prefer the narrower ones below them.
form-advanced = Advanced
form-client-uri = Website of the app
form-client-uri-hint = Users can go there from the consent page.
form-logo-uri = Logo
form-policy-uri = Privacy policy
form-tos-uri = Terms of service
form-pkce = Require PKCE
form-pkce-hint = Ties each sign-in to the browser where it began. Every current library does it; only turn it off for one that cannot.
form-alg = ID tokens are signed with
form-post-logouts = Addresses after sign-out
form-post-logout = Address after sign-out
form-post-logouts-hint = Where a browser may be sent after the user signed out.
form-save = Save changes
form-cancel = Cancel
form-not-own = This client belongs to another tenant, which published it. It can be changed only there.
form-conflict-title = Somebody else changed this client while you were editing. Nothing was saved. Look at what is marked: saving again replaces their value with yours.
form-conflict = Somebody changed this meanwhile. It is now: { $name }
form-on = on
form-off = off
form-nothing = nothing

# After creating.
created-title = Client created
created-secret-title = The client got a secret
created-secret = Client secret
created-once = Copy the secret now: you will not see it again. We keep only a fingerprint of it.
created-waiting = This client is not trusted yet, so its token requests are refused. In another tab, where this page and its secret stay open:
created-no-scopes = This client has no scopes yet: it reaches nothing. In another tab, where this page stays open:
created-no-use = Nobody can use this client yet: give it a redirect URL for users to sign in, or let it get tokens by itself (machine-to-machine). In another tab, where this page stays open:
created-code = Ready code
created-code-hint = With the values of this client. Copy it, run it, and go on from there.
created-copy-code = Copy code
created-done = I have copied the secret
created-to-client = Go to the client

done-client-changed = The changes are saved. They count within two seconds.
done-client-unchanged = Nothing was different, so nothing was changed.
