/// All models that this software knows of.
///
/// Facts were taken from the files themselves, or from the publications that `docs/models.md` names. A model without a
/// hash that can be trusted has no place here.
package enum ModelCatalogue {
    /// The models, in the order in which they are listed.
    package static let entries = shipped + wheels + optional + prepared

    /// The model of a name, or nil.
    package static func entry(_ id: String) -> CatalogueEntry? { entries.first { $0.id == id } }

    private static let shipped = [
        CatalogueEntry(
            shipped: "face-expression",
            licence: "non-commercial",
            purpose: "reads the expression of a face",
            absence: "Recordings cannot be analysed."
        ),
        CatalogueEntry(
            shipped: "voice-emotion",
            licence: "non-commercial",
            purpose: "reads the emotion of a voice",
            absence: "Recordings cannot be analysed."
        ),
        CatalogueEntry(
            shipped: "fusion",
            use: .extra,
            file: "fusion-early",
            licence: "non-commercial",
            purpose: "judges face and voice together",
            absence: "Emotions of faces and voices cannot be predicted."
        ),
    ]

    private static let wheels = [
        CatalogueEntry(
            wheel: "blazeface-short",
            use: .required,
            version: "0.10.21",
            file: "face_detection_short_range.tflite",
            facts: FileFacts(
                bytes: 229_714,
                sha256: "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8"
            ),
            licence: "Apache-2.0",
            purpose: "finds faces near the camera",
            absence: "Recordings cannot be analysed."
        ),
        CatalogueEntry(
            wheel: "blazeface-full",
            use: .required,
            version: "0.10.21",
            file: "face_detection_full_range_sparse.tflite",
            facts: FileFacts(
                bytes: 676_746,
                sha256: "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1"
            ),
            licence: "Apache-2.0",
            purpose: "finds small faces",
            absence: "Recordings cannot be analysed."
        ),
        CatalogueEntry(
            wheel: "silero-vad",
            use: .required,
            version: "6.2.3",
            file: "silero_vad_openvino_16k.onnx",
            facts: FileFacts(
                bytes: 1_288_203,
                sha256: "7776b81ad1b0350c15d7f1555943b9232eb53e9ca5d989c6d0cea9ebc8664d87"
            ),
            licence: "MIT",
            purpose: "tells speech from other sound",
            absence: "Recordings cannot be analysed."
        ),
        CatalogueEntry(
            wheel: "face-landmarks",
            use: .extra,
            version: "0.10.21",
            file: "face_landmark.tflite",
            facts: FileFacts(
                bytes: 1_242_398,
                sha256: "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814"
            ),
            licence: "Apache-2.0",
            purpose: "finds 468 points of a face",
            absence: "Attention and drowsiness are not measured."
        ),
        CatalogueEntry(
            wheel: "iris-landmarks",
            use: .extra,
            version: "0.10.21",
            file: "iris_landmark.tflite",
            facts: FileFacts(
                bytes: 2_640_568,
                sha256: "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f"
            ),
            licence: "Apache-2.0",
            purpose: "finds lids and iris of an eye",
            absence: "Attention and drowsiness are not measured."
        ),
    ]

    private static let optional = [
        CatalogueEntry(
            optional: "yamnet",
            use: .extra,
            version: "1",
            files: [
                CatalogueFile(
                    name: "yamnet.tflite",
                    check: .pinned(
                        FileFacts(
                            bytes: 4_078_224,
                            sha256: "469be6a3421cbc52cf97e9f2f966cba984198e8e7af9854d68b3e3ebb1e04194"
                        )
                    ),
                    address: github(
                        "Jaskaran197/Speaker-Detector/4ec29b6938f1051fe36b46786f8d486d8b74a38e/yamnet.tflite"
                    )
                ),
                CatalogueFile(
                    name: "yamnet_class_map.csv",
                    check: .pinned(
                        FileFacts(
                            bytes: 14_096,
                            sha256: "cdf24d193e196d9e95912a2667051ae203e92a2ba09449218ccb40ef787c6df2"
                        )
                    ),
                    address: github(
                        "tensorflow/models/dbeeb148f10adf723067040eedcccda00bdce1e8/research/audioset/yamnet/"
                            + "yamnet_class_map.csv"
                    )
                ),
            ],
            licence: "Apache-2.0",
            purpose: "hears laughter, screams and cheering",
            absence: "A laugh or a scream counts only as far as it sounds like excited speech."
        ),
        CatalogueEntry(
            optional: "yunet",
            use: .later,
            version: "2024-01-19",
            files: [
                CatalogueFile(
                    name: "yunet_n_320_320.onnx",
                    check: .pinned(
                        FileFacts(
                            bytes: 317_434,
                            sha256: "81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2"
                        )
                    ),
                    address: github(
                        "ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/"
                            + "yunet_n_320_320.onnx"
                    )
                )
            ],
            licence: "Apache-2.0",
            purpose: "finds faces, as a second opinion",
            absence: "Nothing: no part of this version reads it."
        ),
        CatalogueEntry(
            optional: "whisper-base",
            use: .later,
            version: "base",
            files: [
                whisper(
                    "base",
                    bytes: 207_557_382,
                    sha256: "911b2083efd7c0dca2ac3b358b75222660dc09fb716d64fbfc417ba6c99ff3de"
                )
            ],
            licence: "MIT",
            purpose: "writes down what is said",
            absence: "Nothing: no part of this version reads it."
        ),
        CatalogueEntry(
            optional: "whisper-small",
            use: .later,
            version: "small",
            files: [
                whisper(
                    "small",
                    bytes: 639_387_718,
                    sha256: "486a46afbb7ba798507190ffe02fea2dd726049af212e774537efac6afb210a6"
                )
            ],
            licence: "MIT",
            purpose: "writes down what is said, with fewer mistakes",
            absence: "Nothing: no part of this version reads it."
        ),
    ]

    /// Models whose weights nobody publishes in a form that can be run here: the user brings a checkpoint, and this
    /// repository's exporter makes the files of it.
    private static let prepared = [
        CatalogueEntry(prepared: "videomae-small-k400", exportedFrom: "ViT-S"),
        CatalogueEntry(prepared: "videomae-base-k400", exportedFrom: "ViT-B"),
        CatalogueEntry(prepared: "videomae-large-k400", exportedFrom: "ViT-L"),
        CatalogueEntry(
            prepared: "videomae-emotion",
            licence: "yours",
            purpose: "reads the emotion of a clip of pictures",
            absence: "Emotions are read from single faces and from the voice, not from motion.",
            preparation: "Training/run videomae fine-tune --checkpoint CHECKPOINT --corpus CORPUS=FOLDER"
        ),
    ]

    /// A file of a GitHub repository at a commit.
    private static func github(_ path: String) -> String { "https://raw.githubusercontent.com/\(path)" }

    /// A Whisper archive of the sherpa-onnx project.
    private static func whisper(_ size: String, bytes: Int64, sha256: String) -> CatalogueFile {
        let name = "sherpa-onnx-whisper-\(size).tar.bz2"
        return CatalogueFile(
            name: name,
            check: .pinned(FileFacts(bytes: bytes, sha256: sha256)),
            address: "https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models/\(name)"
        )
    }
}

extension CatalogueEntry {
    fileprivate init(
        shipped id: String,
        use: Use = .required,
        file: String? = nil,
        licence: String,
        purpose: String,
        absence: String
    ) {
        let file = CatalogueFile(name: "\(file ?? id).onnx", check: .sidecar("\(id).json"), address: nil)
        self.init(
            id: id,
            kind: .shipped,
            use: use,
            version: nil,
            files: [file],
            licence: licence,
            purpose: purpose,
            absence: absence
        )
    }

    fileprivate init(prepared id: String, licence: String, purpose: String, absence: String, preparation: String) {
        let file = CatalogueFile(name: "\(id).onnx", check: .sidecar("\(id).json"), address: nil)
        self.init(
            id: id,
            kind: .optional,
            use: .extra,
            version: nil,
            files: [file],
            licence: licence,
            purpose: purpose,
            absence: absence,
            preparation: preparation
        )
    }

    fileprivate init(prepared id: String, exportedFrom size: String) {
        self.init(
            prepared: id,
            licence: "CC BY-NC 4.0",
            purpose: "names what people do in a clip (VideoMAE \(size), Kinetics-400)",
            absence: "Nobody says what happens in a clip.",
            preparation: "Training/run videomae export CHECKPOINT --name \(id)"
        )
    }

    fileprivate init(
        wheel id: String,
        use: Use,
        version: String,
        file: String,
        facts: FileFacts,
        licence: String,
        purpose: String,
        absence: String
    ) {
        self.init(
            id: id,
            kind: .wheel,
            use: use,
            version: version,
            files: [CatalogueFile(name: file, check: .pinned(facts), address: nil)],
            licence: licence,
            purpose: purpose,
            absence: absence
        )
    }

    fileprivate init(
        optional id: String,
        use: Use,
        version: String,
        files: [CatalogueFile],
        licence: String,
        purpose: String,
        absence: String
    ) {
        self.init(
            id: id,
            kind: .optional,
            use: use,
            version: version,
            files: files,
            licence: licence,
            purpose: purpose,
            absence: absence
        )
    }
}
