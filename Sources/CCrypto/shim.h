// OpenSSL libcrypto: SHA-256. The low-level calls are deprecated in OpenSSL 3 but stay exported;
// only they let the state after the draw key be copied, which halves the work for each ticket.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
