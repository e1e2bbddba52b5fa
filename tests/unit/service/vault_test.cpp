#include "service/vault.hpp"

#include "base/fd.hpp"
#include "base/json.hpp"
#include "service/secrets.hpp"
#include "support/temp_dir.hpp"

#include <sys/stat.h>

#include <fstream>
#include <stdexcept>

namespace foliot::testing {
namespace {

using service::Vault;

struct KeyFile {
    TempDir folder;
    std::filesystem::path path = folder / "secrets.key";

    void write(const std::string& text, unsigned mode = 0600) const {
        write_file_atomically(path.string(), text, mode);
    }
    void check_refused(const std::string& text) const {
        write(text);
        BOOST_CHECK_EXCEPTION(Vault{path}, std::runtime_error, [&](const std::exception& e) {
            return std::string(e.what()).find("secrets.key") != std::string::npos;
        });
    }
};

std::string text_in(const std::string& sealed) { return json::parse(sealed).members.at(0).value.string; }

std::string sealed_with(const std::string& text) {
    return json::Writer().begin_object().field("$secret", text).end_object().take();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(vault, KeyFile)

BOOST_AUTO_TEST_CASE(what_is_sealed_can_be_opened_and_shows_nothing) {
    const Vault vault(path);
    const std::string sealed = vault.seal(7, R"("open sesame")");
    BOOST_TEST(sealed.find("sesame") == std::string::npos);
    BOOST_TEST(vault.open(sealed) == R"("open sesame")");
    BOOST_TEST(Vault::owner_of(sealed) == 7);
    BOOST_TEST(vault.seal(7, R"("open sesame")") != sealed);  // equal secrets do not look equal
}

BOOST_AUTO_TEST_CASE(the_key_outlives_the_server_and_is_its_owners_alone) {
    const std::string sealed = Vault(path).seal(1, "[1]");
    BOOST_TEST(Vault(path).open(sealed) == "[1]");
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(neither_owner_nor_key_nor_box_can_be_exchanged) {
    const Vault vault(path);
    const std::string text = text_in(vault.seal(7, R"("x")"));
    BOOST_REQUIRE(text.starts_with("1.7."));
    BOOST_TEST(vault.open(sealed_with(text)) == R"("x")");
    std::string other_box = text;
    other_box.back() = other_box.back() == 'A' ? 'Q' : 'A';
    for (const std::string& forged : {"1.8." + text.substr(4), "2.7." + text.substr(4), other_box, std::string("1.7."),
                                      std::string("1.7"), std::string(), text + "*", "1.-7." + text.substr(4)}) {
        BOOST_CHECK_THROW(vault.open(sealed_with(forged)), std::runtime_error);
    }
    BOOST_CHECK_THROW(vault.open(R"({"$secret":5})"), std::runtime_error);
    BOOST_CHECK_THROW(vault.open("[]"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_highest_key_seals_and_all_of_them_open) {
    const std::string old_key = "1 " + service::random_token() + "\n";
    write(old_key);
    const std::string sealed = Vault(path).seal(1, "1");
    write("# two of them\n" + old_key + "3 " + service::random_token() + "\n");
    const Vault both(path);
    BOOST_TEST(both.open(sealed) == "1");
    BOOST_TEST(text_in(both.seal(1, "2")).starts_with("3.1."));
}

BOOST_AUTO_TEST_CASE(a_secret_of_another_key_is_not_opened_and_the_error_says_what_to_do) {
    const std::string sealed = Vault(path).seal(1, "1");
    const auto says_so = [](const std::exception& e) {
        return std::string(e.what()).find("restore the file, or give the secret anew") != std::string::npos;
    };
    write("1 " + service::random_token() + "\n");
    BOOST_CHECK_EXCEPTION(Vault(path).open(sealed), std::runtime_error, says_so);
    write("2 " + service::random_token() + "\n");
    BOOST_CHECK_EXCEPTION(Vault(path).open(sealed), std::runtime_error, says_so);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_key_file_is_refused) {
    const std::string key = service::random_token();
    check_refused("");
    check_refused("# none\n");
    check_refused(key + "\n");
    check_refused("1 " + key.substr(2) + "\n");
    check_refused("1 " + key + "00\n");
    check_refused("x " + key + "\n");
    check_refused("1 " + key + "\n1 " + key + "\n");
    check_refused("1 " + key.substr(1) + "g\n");
    write("1 " + key + "\n", 0640);
    BOOST_CHECK_EXCEPTION(Vault{path}, std::runtime_error, [](const std::exception& e) {
        return std::string(e.what()).find("chmod 600") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_owner_and_admins_may_read_a_secret) {
    const std::string sealed = Vault(path).seal(7, "1");
    BOOST_TEST(Vault::may_read({7, "owner", Role::operator_, Scope::read}, sealed));
    BOOST_TEST(Vault::may_read({1, "root", Role::admin, Scope::read}, sealed));
    BOOST_TEST(!Vault::may_read({8, "other", Role::operator_, Scope::admin}, sealed));
    const std::string nobodys = Vault(path).seal(kAnybody, "1");
    BOOST_TEST(!Vault::may_read({0, "", Role::viewer, Scope::read}, nobodys));
}

BOOST_AUTO_TEST_CASE(a_digest_depends_on_the_key) {
    const Vault vault(path);
    const std::string digest = vault.digest("guess me");
    BOOST_TEST(digest == Vault(path).digest("guess me"));
    BOOST_TEST(digest != vault.digest("guess mf"));
    write("1 " + service::random_token() + "\n");
    BOOST_TEST(digest != Vault(path).digest("guess me"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing
