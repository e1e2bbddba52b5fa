#pragma once

#include "support/shell.hpp"
#include "support/temp_dir.hpp"

namespace foliot::testing {

/// A key and a certificate for 127.0.0.1 and good.test that nobody but itself vouches for.
struct Certificate {
    Certificate() {
        output_of("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test " +
                  std::string("-addext subjectAltName=IP:127.0.0.1,DNS:good.test -keyout ") + key() + " -out " +
                  file() + " 2>&1");
    }
    std::string key() const { return (folder / "key.pem").string(); }
    std::string file() const { return (folder / "certificate.pem").string(); }
    TempDir folder;
};

}  // namespace foliot::testing
