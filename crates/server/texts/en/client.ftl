# The page of one client, and what can be done to one.
crumbs = Where you are
panel-cancel = Cancel
panel-done = Done
panel-save = Save
used-from = from
used-never = never
column-user = User
column-since = Since

grant-authorization-code = Sign-in (authorization code)
grant-refresh-token = Refresh token
grant-client-credentials = Machine-to-machine (client credentials)
grant-user-impersonation = User impersonation
auth-client_secret = Client secret
auth-private_key_jwt = Private key (JWT)

client-is-disabled = This client is switched off: it gets no tokens, and its tokens do not work.
client-disabled-reason = Reason:
client-foreign = Another tenant owns and published this client, and an administrator here let it in. Users are always asked. What it is and may do is changed where it is owned; here you can stop using it.
leave-title = Stop using { $name }
leave-users = { $count ->
    [0] No user of this tenant has allowed it.
    [one] { $count } user of this tenant has allowed it; that access ends.
   *[other] { $count } users of this tenant have allowed it; their access ends.
}
leave-tokens = { $count ->
    [0] It got no token here in the last 30 days.
    [one] It got { $count } token here in the last 30 days; it stops working within two seconds.
   *[other] It got { $count } tokens here in the last 30 days; they stop working within two seconds.
}
leave-again = You can let it in again: at its next use an administrator is asked.
leave-submit = Stop using it
leave-own = This client is your own: disable or delete it instead.
done-client-left = This tenant no longer uses the client.
client-published-machine = This client is published, so it cannot be trusted, and its own token requests are refused. Make another client for machine-to-machine access.
client-untrusted = This client works as a machine, and a machine gets tokens only when it is Trusted.
client-overview = Overview
client-grants = Ways to get tokens
client-none = none
client-authenticates = Authenticates by
client-secrets = { $count ->
    [0] none
    [one] { $count } secret
   *[other] { $count } secrets
}
client-by = by
client-redirects = Redirect URLs
client-origins = Allowed origins
client-activity = The last 30 days
client-quiet-title = Nothing happened yet
client-quiet = Tokens and refusals of this client are shown here, day by day. To let your app ask for its first token, copy the addresses from here:
client-no-tokens = No tokens in the last 30 days.
client-no-failures = No refusals in the last 30 days.
client-failures = Recent refusals
client-failures-more = { $count ->
    [one] { $count } more
   *[other] { $count } more
}
client-users = Users
client-no-users-title = No user has allowed this client
client-no-users = When users consent to this client, they are listed here with what they allowed, and you can take it back.
client-not-asked = not asked
client-revoke = Revoke access
client-more-users = More users
client-unused = Scopes never used
client-unused-lead = Nobody asked for these scopes, and no check needed them. An app that holds less can do less harm.
client-unused-since = Counted since
client-unused-remove = Remove these
client-history = Changes
client-history-empty = Nothing was changed.
client-history-older = Older changes

chart-other = Other
chart-tokens = Tokens: { $count }
chart-failures = Refusals: { $count }
chart-most = Busiest day: { $count }
chart-in-table = The numbers are in the table below.
chart-table = Show as a table
chart-day = Day (UTC)

field-client-name = Name
field-description = Description
field-client-uri = Website
field-logo-uri = Logo
field-policy-uri = Privacy policy
field-tos-uri = Terms of service
field-redirect-uris = Redirect URLs
field-post-logout-redirect-uris = URLs after sign-out
field-allowed-origins = Allowed origins
field-allowed-scopes = Scopes
field-allowed-grant-types = Machine grants
field-allowed-auth-methods = Authenticates by
field-public-keys = Public keys
field-jwks-uri = Address of its keys
field-require-pkce = PKCE required
field-id-token-signed-response-alg = Algorithm of ID tokens
field-disable-tag = Disabled because
field-consent-method = Consent method
field-published-at = Published
field-app-type = Type
field-hint = Secret ends in
field-label = Label

consent-required-means = Each user is asked before the app acts for them.
consent-required-machine = This client also works as a machine: while it is Required, it gets no tokens for itself.
consent-trusted-means = Nobody is asked: you vouch for the app. Machines need this.
consent-not-published = Not possible: a published client stays Required.
consent-not-anonymous = Not possible: an anonymous embed has no user who could be asked, and stays Required.

publish-title = Publish this client
publish-everywhere = Every tenant of this region can let the client in, and see its name, links and scopes.
publish-consent = Users are asked in every tenant, also in yours: a published client is always Required.
publish-trusted = It is Trusted now and will not be any more; machine-to-machine access stops.
publish-yours = It stays yours: only your administrators change it, see its secrets, or delete it.
publish-forever = This cannot be undone. To withdraw it you have to delete the client.
publish-submit = Publish for good
publish-already = This client is published since

disable-title = Disable this client
disable-means = It gets no more tokens, and its tokens stop working within two seconds. Nothing is deleted: you can enable it again at any time.
disable-reason = Reason
disable-reason-hint = Other administrators read it here and in the audit trail. At most 100 characters.
enable-title = Enable this client
enable-means = It gets tokens again. Refresh tokens that have not expired work again, too.

configuration-title = OAuth configuration
configuration-lead = What an app or a library asks for. Most libraries need only the issuer or the discovery address, and find the rest by themselves.
configuration-issuer = Issuer
configuration-discovery = Discovery document
configuration-client-id = Client ID
configuration-authorization = Authorization endpoint
configuration-token = Token endpoint
configuration-userinfo = Userinfo endpoint
configuration-revocation = Revocation endpoint
configuration-introspection = Introspection endpoint
configuration-logout = Logout endpoint
configuration-jwks = Signing keys (JWKS)
configuration-scopes = Scopes
configuration-snippet = For your app’s environment

unused-title = Remove unused scopes
unused-lead = { $name } can no longer get tokens with these scopes. Tokens that it already has keep theirs until they expire.
unused-caution = A scope that only another product checks, without asking this server, can be needed although it is listed here. Leave such a scope unticked.
unused-submit = Remove scopes
unused-none = There is none any more: every scope of this client is in use.
unused-nothing-chosen = Tick at least one scope.
unused-in-use = One of these scopes was used in the meantime, or is not on the list any more. Nothing was changed; look at the list again.

remove-user-title = Revoke access
remove-user-means = { $client } loses its access to { $name } at once: its tokens stop working, and it has to ask again. { $name } stays signed in.

delete-title = { $count ->
    [one] Delete this client?
   *[other] Delete { $count } clients?
}
delete-none-title = Nothing to delete
delete-none = No client is selected. Tick the clients that you want to delete in the table, then choose “{ $name }”.
delete-lead = Deleting cannot be undone. This is what stops:
delete-busy = An app used one of these within the last 24 hours. It will break. To try out what happens, disable the client first: that can be undone.
delete-in-use = In use
delete-missing = { $count ->
    [one] { $count } of those that you chose is not there any more, or is not yours.
   *[other] { $count } of those that you chose are not there any more, or are not yours.
}
delete-tokens-day = { $count ->
    [one] { $count } token issued since yesterday; it stops working.
   *[other] { $count } tokens issued since yesterday; those that still work stop.
}
delete-tokens-month = { $count ->
    [one] { $count } token issued in the last 30 days.
   *[other] { $count } tokens issued in the last 30 days.
}
delete-users = { $count ->
    [one] { $count } user let it in.
   *[other] { $count } users let it in.
}
delete-families = { $count ->
    [one] { $count } refresh token stops working.
   *[other] { $count } refresh tokens stop working.
}
delete-api-keys = { $count ->
    [one] { $count } API key of its bot user stops working.
   *[other] { $count } API keys of its bot user stop working.
}
delete-other-tenants = { $count ->
    [one] { $count } other tenant uses it, and loses it, too.
   *[other] { $count } other tenants use it, and lose it, too.
}
delete-nothing = Nothing: no tokens in the last 30 days, and no users.
delete-confirm = { $count ->
    [one] I understand that this client stops working for good.
   *[other] I understand that these { $count } clients stop working for good.
}
delete-confirm-wrong = Tick the box to say that you are sure.
delete-submit = { $count ->
    [one] Delete client
   *[other] Delete { $count } clients
}
delete-too-many = Choose at most 100 clients at once.
deleted-title = Deleted clients
deleted-all = { $count ->
    [one] The client was deleted.
   *[other] All { $count } clients were deleted.
}
deleted-failed = { $count ->
    [one] { $count } client was not deleted.
   *[other] { $count } clients were not deleted.
}
deleted-not = Not deleted:
deleted-one = Deleted. Its tokens stop working within two seconds.
deleted-back = Back to the clients

done-client-disabled = The client is disabled. Its tokens stop working within two seconds.
done-client-enabled = The client is enabled.
done-client-published = The client is published.
done-consent-changed = The consent method is changed.
done-scopes-removed = The scopes are removed.
done-access-revoked = The access is revoked.
done-access-gone = There was no access any more; nothing had to be done.
