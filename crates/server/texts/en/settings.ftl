# Sign-in & tokens, and settings.
tokens-title = Sign-in & tokens
tokens-lead = How long tokens and sessions live, and the keys that sign tokens.
lifetimes-title = Lifetimes
lifetimes-lead = A change counts for what is given from now on: tokens that are out already keep their life. Sessions that nobody uses end by the new rule at once.
lifetimes-save = Save lifetimes
lifetime-unit = Unit of { $name }
lifetime-range = { $least } to { $most }.
lifetime-no-number = Write a whole number.
lifetime-accesstoken = Access token
lifetime-hint-accesstoken = How long an app may act before it has to ask again.
lifetime-idtoken = ID token
lifetime-hint-idtoken = How long an app may take the answer to “who is this?” as fresh.
lifetime-refreshtoken = Refresh token
lifetime-hint-refreshtoken = How long an app may stay away and still come back without the user.
lifetime-refreshgrace = Grace after a refresh
lifetime-hint-refreshgrace = How long a used refresh token is forgiven, because an answer got lost on the way.
lifetime-authorizationcode = Authorization code
lifetime-hint-authorizationcode = How long an app has to redeem the code of a sign-in.
lifetime-sessionidle = Session without use
lifetime-hint-sessionidle = After this time without a page, a browser has to sign in again.
lifetime-sessionmaximum = Session at most
lifetime-hint-sessionmaximum = After this time a browser has to sign in again in any case.
unit-seconds = seconds
unit-minutes = minutes
unit-hours = hours
unit-days = days
duration-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
keys-title = Signing keys
keys-lead = Apps find the public halves at /.well-known/jwks.json. A new key is published before it signs, so that no app is surprised.
keys-rotate = Rotate now
keys-kid = Key ID
keys-alg = Algorithm
keys-signs-from = Signs from
keys-verifies-until = Verifies until
key-next = Next
key-active = Signing
key-retiring = Retiring
key-retired = Retired
rotate-keys-title = Rotate the signing keys?
rotate-keys-what = A new key is made for every algorithm in use and published now. It starts signing in ten minutes, so that apps have fetched it by then; the keys of today verify for a day longer. Running apps notice nothing.
rotate-keys-at-once = Has a key leaked?
rotate-keys-at-once-hint = The new key signs now and the old ones stop verifying now. Every token that is out becomes void: apps have to get new ones, and some show errors until they have fetched the new key.
settings-title = Settings
settings-lead = What this tenant is called and where it lives.
settings-name-title = Name
settings-name = Tenant name
settings-name-hint = Shown when people sign in and when an app asks for access.
settings-save = Save
looks-title = Looks
looks-lead = What people see when they sign in, when an app asks for access, in their account and here.
looks-accent = Accent colour
looks-accent-hint = # and six digits, such as #0e5e57. Empty: the colours of the product.
looks-accent-wrong = Write # and six digits from 0 to 9 and a to f, such as #0e5e57.
looks-accent-save = Save colour
looks-pick = Choose the accent colour
looks-sample-button = Button
looks-sample-link = Link
looks-on-light = On light pages
looks-on-dark = On dark pages
looks-contrast = contrast { $ratio }:1.
looks-adjusted = Your colour has { $ratio }:1 here, and text needs 4.5:1 to be readable. Pages show this shade of it instead.
looks-logo = Logo
looks-logo-hint = A PNG, JPEG or WebP picture of at most { $size } kB and { $count } pixels on its longer side. It is shown 36 pixels high; on dark pages it stands on white.
looks-logo-save = Upload logo
looks-logo-size = { $width } × { $height } pixels
looks-logo-remove = Remove logo
settings-hosts-title = Addresses
settings-hosts-lead = Host names lead here only when DNS and certificates know them, so the operator of this server sets them. The issuer never changes.
settings-issuer = Issuer
settings-hostnames = Host names
settings-primary = Primary
settings-tenant-id = Tenant ID
settings-region = Region
done-lifetimes-saved = The lifetimes are saved.
done-keys-rotated = New keys are published. They sign in ten minutes.
done-keys-replaced = The keys were replaced. Tokens signed before are void.
done-settings-saved = The settings are saved.
done-accent-saved = The accent colour is saved.
done-logo-saved = The logo is saved.
done-logo-removed = The logo is removed. Pages show the tenant’s initial instead.
