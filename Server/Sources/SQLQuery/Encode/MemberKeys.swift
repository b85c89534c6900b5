/// What stands before the values of a row as a JSON object: `"name":` of each column, with a comma from the second on, in one piece.
struct MemberKeys {
    private(set) var text: [UInt8] = []
    /// Where the text of each column begins, and where the last one's ends.
    private(set) var places = [0]

    init(_ names: [String]) {
        for (index, name) in names.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += ResultEncoder.key(name)
            places.append(text.count)
        }
    }
}
