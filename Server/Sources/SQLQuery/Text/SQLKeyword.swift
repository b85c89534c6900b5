/// Words that are not operands of an arrow.
enum SQLKeyword {
    /// Words after which an operand begins, so that what follows them in parentheses is not a call.
    static let reserved: Set<String> = [
        "all", "and", "any", "as", "between", "by", "collate", "distinct", "else", "escape", "except", "exists", "from", "glob", "having",
        "ilike",
        "in", "intersect", "is", "join", "lateral", "like", "limit", "not", "offset", "on", "or", "qualify", "select", "some", "then", "to",
        "union",
        "using", "values", "when", "where",
    ]
    /// Words that continue the call before them: `sum(x) FILTER (…)`, `first(x) OVER (…)`, `mode() WITHIN GROUP (…)`.
    static let suffixes: Set<String> = ["over", "filter", "within"]
    /// Functions whose second argument is a lambda.
    static let lambdaFunctions: Set<String> = [
        "apply", "array_apply", "array_filter", "array_reduce", "array_transform", "filter", "list_apply", "list_filter", "list_reduce",
        "list_transform", "reduce",
    ]
}
