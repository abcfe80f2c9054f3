import COpenVINO
import Foundation

/// What this machine's processor can do for inference, and the cap that keeps the runtime off what is broken.
///
/// Some hypervisors announce AMX but hide the CPUID leaf that describes its tiles. oneDNN then emits an illegal
/// instruction and the process dies, with no error to catch. The check runs once, before the first core.
package enum Processor {
    /// State of the AMX tile unit.
    package enum AMX: String, Codable, Sendable {
        /// The processor does not announce it.
        case absent
        /// Announced and described.
        case usable
        /// Announced, but its description is hidden: using it kills the process.
        case broken
    }

    /// State of the AMX tile unit of this machine.
    package static var amx: AMX {
        guard hype_cpu_announces_amx() else { return .absent }
        return hype_cpu_amx_is_broken() ? .broken : .usable
    }

    /// The variable by which oneDNN, OpenVINO's kernel library, takes its highest instruction set.
    static let capVariable = "ONEDNN_MAX_CPU_ISA"

    /// The highest instruction set that leaves AMX out.
    static let safeCap = "AVX512_CORE_FP16"

    /// The cap in force, or nil where oneDNN chooses freely.
    ///
    /// Evaluated once. Sets the cap where AMX is broken and the person who started the process has not set one; after
    /// that oneDNN reads it from the process environment, the only way in that it offers.
    package static let instructionSetCap: String? = {
        if amx == .broken { setenv(capVariable, safeCap, 0) }
        return getenv(capVariable).map { String(cString: $0) }
    }()
}
