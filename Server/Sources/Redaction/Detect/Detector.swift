/// The kinds of secrets and personal data that are recognised in text by their form. The raw value is the name in settings and counts.
public enum Detector: String, CaseIterable, Sendable, Codable {
    case email
    case creditCard = "credit_card"
    case iban
    case usSSN = "us_ssn"
    case phone
    case privateKey = "private_key"
    case awsKey = "aws_key"
    case githubToken = "github_token"
    case openAIKey = "openai_key"
    case anthropicKey = "anthropic_key"
    case slackToken = "slack_token"
    case googleAPIKey = "google_api_key"
    case stripeKey = "stripe_key"
    case logfireToken = "logfire_token"
    case jwt
    case authorization
    case urlPassword = "url_password"

    /// The label of a form.
    public var title: String {
        switch self {
        case .email: "E-mail address"
        case .creditCard: "Payment card number"
        case .iban: "IBAN"
        case .usSSN: "US social security number"
        case .phone: "Phone number"
        case .privateKey: "Private key (PEM)"
        case .awsKey: "AWS key"
        case .githubToken: "GitHub token"
        case .openAIKey: "OpenAI key"
        case .anthropicKey: "Anthropic key"
        case .slackToken: "Slack token"
        case .googleAPIKey: "Google API key"
        case .stripeKey: "Stripe key"
        case .logfireToken: "Logfire or Hearth token"
        case .jwt: "JSON web token"
        case .authorization: "Authorization value"
        case .urlPassword: "Password in a URL"
        }
    }

    /// One sentence: what counts as a find.
    public var explanation: String {
        switch self {
        case .email: "Anything of the form name@domain.tld."
        case .creditCard: "13 to 19 digits of a known issuer with a valid check digit, with or without blanks and hyphens; also numbers."
        case .iban: "A known country's length and valid check digits, with or without blanks."
        case .usSSN: "Three, two and four digits with hyphens or blanks, outside of ranges that are never issued."
        case .phone: "International numbers with +, and ten-digit North American numbers written with separators."
        case .privateKey: "From BEGIN … PRIVATE KEY to its END line."
        case .awsKey: "Access key ids (AKIA…, ASIA…) and what follows aws_secret_access_key."
        case .githubToken: "ghp_, gho_, ghu_, ghs_, ghr_ and github_pat_ tokens."
        case .openAIKey: "sk-… keys of 20 and more characters."
        case .anthropicKey: "sk-ant-… keys."
        case .slackToken: "xoxb-, xoxp-, xapp- and similar tokens, and webhook addresses."
        case .googleAPIKey: "AIza… keys."
        case .stripeKey: "sk_live_, sk_test_, rk_live_, rk_test_ and whsec_ keys."
        case .logfireToken: "pylf_v1_… tokens."
        case .jwt: "Three base64url parts beginning with eyJ."
        case .authorization: "What follows Bearer or Basic, and the values of Authorization, Proxy-Authorization and API key headers."
        case .urlPassword: "The password of scheme://user:password@host."
        }
    }

    /// Made-up text that is found.
    public var example: String {
        switch self {
        case .email: "jane@example.com"
        case .creditCard: "4111 1111 1111 1111"
        case .iban: "DE89 3704 0044 0532 0130 00"
        case .usSSN: "078-05-1120"
        case .phone: "+1 555 010 9999"
        case .privateKey: "-----BEGIN PRIVATE KEY-----"
        case .awsKey: "AKIA" + "IOSFODNN7EXAMPLE"
        case .githubToken: "ghp_" + String(repeating: "x1", count: 18)
        case .openAIKey: "sk-" + String(repeating: "x1", count: 12)
        case .anthropicKey: "sk-ant-" + String(repeating: "x1", count: 12)
        case .slackToken: "xoxb-" + "1234567890-abcdefghij"
        case .googleAPIKey: "AIza" + String(repeating: "x1", count: 17) + "x"
        case .stripeKey: "sk_test_" + String(repeating: "x1", count: 10)
        case .logfireToken: "pylf_v1_local_" + String(repeating: "x1", count: 12)
        case .jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        case .authorization: "Bearer 0123456789abcdef"
        case .urlPassword: "postgres://app:s3cret@db/shop"
        }
    }

    /// Texts, in lower case, one of which is in every find; none for those that look for digits or `@`.
    var literals: [String] {
        switch self {
        case .email, .creditCard, .iban, .usSSN, .phone: []
        case .privateKey: ["-----begin"]
        case .awsKey: ["akia", "asia", "aws_secret_access_key", "secretaccesskey"]
        case .githubToken: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"]
        case .openAIKey, .anthropicKey: ["sk-"]
        case .slackToken: ["xox", "xapp-", "hooks.slack.com/"]
        case .googleAPIKey: ["aiza"]
        case .stripeKey: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"]
        case .logfireToken: ["pylf_v"]
        case .jwt: ["eyj"]
        // The names of headers are here for texts of JSON, where they are members.
        case .authorization:
            ["bearer", "basic ", "authorization", "api-key", "api_key", "auth-token", "auth_token"]
        case .urlPassword: ["://"]
        }
    }
}
