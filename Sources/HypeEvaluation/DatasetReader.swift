import HypeCore

/// Chooses the files of a collection that are to be judged, from nothing but their names and tables.
package struct DatasetReader: Sendable {
    private let dataset: Dataset
    private let options: DatasetOptions
    private let tables: CremaTables

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - dataset: The collection.
    ///   - options: What is judged and which labels count.
    ///   - tables: The tables of CREMA-D; other collections have none.
    package init(_ dataset: Dataset, options: DatasetOptions = DatasetOptions(), tables: CremaTables = CremaTables()) {
        self.dataset = dataset
        self.options = options
        self.tables = tables
    }

    /// Chooses files.
    ///
    /// Of a clip that is there in several forms (sound, film, a copy in another folder) one is taken. Hidden files, such
    /// as those that other systems leave in archives, are passed over in silence.
    ///
    /// - Parameters:
    ///   - names: Paths in the folder, separated by `/`.
    ///   - folder: The folder, which the paths of the result begin with.
    /// - Returns: The files in the order of their paths, and what was left out.
    /// - Throws: ``EvaluationError``, with code `.nothing` and an example of the names where no file fits.
    package func files(_ names: [String], in folder: String) throws(EvaluationError) -> LabeledFiles {
        var result = LabeledFiles()
        let names = names.filter { !Self.isJunk($0) }.sorted()
        let usable = dataset.isPictures ? testPart(of: names, notes: &result.notes) : names
        var signs: [(name: String, sign: Dataset.Sign)] = []
        var sung = 0
        for name in usable where dataset.extensions.contains(Self.ending(of: name)) {
            if let sign = dataset.sign(of: name) {
                signs.append((name, sign))
            } else if dataset == .ravdess, Dataset.ravdessSong.sign(of: name) != nil {
                sung += 1
            } else {
                result.strangers += 1
            }
        }
        guard !signs.isEmpty else { throw nothing(in: folder, strangers: result.strangers + sung) }
        if sung > 0 {
            result.notes.append("\(sung) files are sung; measure them apart with --dataset ravdess-song.")
        }
        for (name, sign) in try chosen(signs, in: folder, result: &result) {
            add(name, sign, in: folder, to: &result)
        }
        if result.files.isEmpty, let first = result.skipped.first {
            throw EvaluationError(
                .nothing,
                "all \(result.skipped.count) files of \(dataset.rawValue) in \(folder) have to be left out; "
                    + "\(first.file): \(first.reason)"
            )
        }
        return result
    }

    // MARK: Choice

    /// One file of each clip: the one that fits the modality best.
    private func chosen(
        _ signs: [(name: String, sign: Dataset.Sign)],
        in folder: String,
        result: inout LabeledFiles
    ) throws(EvaluationError) -> [(name: String, sign: Dataset.Sign)] {
        var best: [String: (name: String, rank: Int)] = [:]
        for (name, sign) in signs {
            guard let rank = rank(sign.form, name) else { continue }
            if let taken = best[sign.clip], taken.rank <= rank { continue }
            best[sign.clip] = (name, rank)
        }
        guard !best.isEmpty else {
            let needs = options.modality == .both ? "films with sound" : "films"
            throw EvaluationError(
                .nothing,
                "\(folder) holds \(signs.count) files of \(dataset.rawValue), but --modality \(options.modality.rawValue) "
                    + "needs \(needs). Name the folder of its films, or use --modality audio."
            )
        }
        var others = 0
        var kept: [(name: String, sign: Dataset.Sign)] = []
        for (name, sign) in signs {
            guard let taken = best[sign.clip], let rank = rank(sign.form, name) else {
                others += 1
                continue
            }
            if taken.name == name {
                kept.append((name, sign))
            } else if taken.rank == rank {
                result.skipped.append(
                    SkippedFile(file: folder + "/" + name, reason: "the same clip as \(taken.name)")
                )
            } else {
                others += 1
            }
        }
        if others > 0 {
            result.notes.append(
                "\(others) files are other forms of the clips, or not for --modality \(options.modality.rawValue)."
            )
        }
        return kept
    }

    /// How well a form of a clip fits what is judged, 0 best; nil where it does not.
    private func rank(_ form: Dataset.Form, _ name: String) -> Int? {
        switch (options.modality, form) {
        case (_, .picture): 0
        // The MP3 of CREMA-D are what the raters heard, and some of them are empty.
        case (.audio, .sound): name.lowercased().hasSuffix(".mp3") ? 1 : 0
        case (.audio, .film): 2
        case (.video, .film), (.both, .film): 0
        case (.video, .silentFilm): 1
        case (.audio, .silentFilm), (.video, .sound), (.both, .sound), (.both, .silentFilm): nil
        }
    }

    private func add(_ name: String, _ sign: Dataset.Sign, in folder: String, to result: inout LabeledFiles) {
        let path = folder + "/" + name
        if let fault = sign.fault {
            result.skipped.append(SkippedFile(file: path, reason: fault))
            return
        }
        let sex = sign.sex ?? sign.speaker.flatMap { tables.sexes[String($0.suffix(4))] }
        let file = { (emotion: Emotion) in
            LabeledFile(
                path: path,
                emotion: emotion,
                speaker: sign.speaker,
                corpus: dataset.rawValue,
                sex: sex,
                isTestPart: dataset.isPictures && Self.isTestName(name)
            )
        }
        guard dataset == .cremaD, options.labelling != .intended else {
            result.add(label: sign.label, file)
            return
        }
        switch tables.votes[sign.clip] {
        case .clear(let emotion): result.files.append(file(emotion))
        case .undecided(let emotions):
            let names = emotions.map(\.rawValue).joined(separator: " and ")
            result.skipped.append(SkippedFile(file: path, reason: "the crowd is undecided between \(names)"))
        case nil:
            let table = tables.votesFrom ?? "the tables"
            result.skipped.append(SkippedFile(file: path, reason: "no vote of the crowd in \(table)"))
        }
    }

    // MARK: Names

    /// The files of the test part of a collection of pictures, where it has one.
    private func testPart(of names: [String], notes: inout [String]) -> [String] {
        guard let first = names.first(where: Self.isTestName) else { return names }
        notes.append("Only the files under \(first.prefix { $0 != "/" })/ are used, as the others are for training.")
        return names.filter(Self.isTestName)
    }

    private static func isTestName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", maxSplits: 1)
        return parts.count == 2 && ["test", "privatetest"].contains(parts[0].lowercased())
    }

    private static func isJunk(_ name: String) -> Bool {
        name.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
    }

    private static func ending(of name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private func nothing(in folder: String, strangers: Int) -> EvaluationError {
        let looked = strangers > 0 ? "\(strangers) files there are named otherwise" : "none is there"
        return EvaluationError(
            .nothing,
            "\(folder) holds no files of \(dataset.rawValue): expected files like \(dataset.example), but \(looked)"
        )
    }
}
