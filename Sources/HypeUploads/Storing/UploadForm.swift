/// What arrived with a form.
package struct UploadForm: Sendable {
    /// The files by the names of their fields.
    package let uploads: [String: Upload]
    /// The text fields by their names.
    package let fields: [String: String]
}

/// Which fields of a form are files, and what they must be.
package struct UploadFormPlan: Sendable {
    /// Fields that are files, with what each must be (nil: anything); others are text.
    package let files: [String: MediaKind?]
    /// Whether at least one of the files must be there.
    package let needsFile: Bool

    /// Plans a form.
    package init(files: [String: MediaKind?], needsFile: Bool = true) {
        self.files = files
        self.needsFile = needsFile
    }
}
