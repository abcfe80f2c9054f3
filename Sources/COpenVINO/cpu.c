#include "COpenVINO.h"

#if defined(__x86_64__)
#include <cpuid.h>

bool hype_cpu_announces_amx(void) {
    unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
    const unsigned int amx_tile = 1u << 24;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (edx & amx_tile);
}

bool hype_cpu_amx_is_broken(void) {
    unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!hype_cpu_announces_amx()) {
        return false;
    }
    return !__get_cpuid_count(0x1D, 0, &eax, &ebx, &ecx, &edx) || eax == 0;
}
#else
bool hype_cpu_announces_amx(void) { return false; }
bool hype_cpu_amx_is_broken(void) { return false; }
#endif
