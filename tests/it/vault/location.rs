//! The path of the vault.

use crate::harness::{Run, Sandbox, restrict, vault_toml, vector};

fn add(sandbox: &Sandbox) -> Run {
    sandbox.mfa(["add", "x"]).unset("MFA_VAULT").stdin(vector("plain").uri())
}

#[test]
fn flag_goes_before_variable_before_default_folder() {
    let sandbox = Sandbox::new();
    for (path, id) in
        [("flag.toml", "plain"), ("variable.toml", "aws"), ("config/mfa/vault.toml", "same-issuer")]
    {
        std::fs::create_dir_all(sandbox.path(path).parent().unwrap()).unwrap();
        sandbox.write(path, vault_toml(&[("x", id)]));
        restrict(&sandbox.path(path));
    }
    let code = || {
        sandbox
            .mfa(["code", "x"])
            .env("MFA_VAULT", "variable.toml")
            .env("XDG_CONFIG_HOME", sandbox.path("config"))
    };
    code().run().exits(0).prints("596825\n");
    let flag = sandbox.mfa(["code", "x", "--vault", "flag.toml"]).env("MFA_VAULT", "variable.toml");
    flag.run().exits(0).prints("713653\n");
    sandbox.mfa(["--vault=flag.toml", "code", "x"]).run().exits(0).prints("713653\n");
    for unset in [code().env("MFA_VAULT", ""), code().unset("MFA_VAULT")] {
        if cfg!(unix) {
            unset.run().exits(0).prints("777211\n");
        }
    }
    sandbox.mfa(["list", "--vault", ""]).run().exits(2).prints("");
}

#[cfg(target_os = "linux")]
#[test]
fn default_folder_is_xdg_config_home_or_dot_config() {
    let sandbox = Sandbox::new();
    add(&sandbox).env("XDG_CONFIG_HOME", sandbox.path("config")).run().exits(0);
    assert!(sandbox.path("config/mfa/vault.toml").is_file());
    // an empty or a relative variable counts as unset (XDG Base Directory Specification)
    for (home, value) in [("a", ""), ("b", "relative/config")] {
        add(&sandbox).env("HOME", sandbox.path(home)).env("XDG_CONFIG_HOME", value).run().exits(0);
        assert!(sandbox.path(home).join(".config/mfa/vault.toml").is_file());
    }
    add(&sandbox).env("HOME", sandbox.path("c")).run().exits(0);
    assert!(sandbox.path("c/.config/mfa/vault.toml").is_file());
}

#[test]
fn missing_folders_are_created() {
    let sandbox = Sandbox::new();
    let vault = sandbox.path("a/b/c/vault.toml");
    add(&sandbox).env("MFA_VAULT", &vault).run().exits(0);
    sandbox.mfa(["code", "x"]).env("MFA_VAULT", &vault).run().exits(0).prints("713653\n");
    let relative = add(&sandbox).env("MFA_VAULT", "r/vault.toml").run();
    relative.exits(0);
    assert!(sandbox.path("r/vault.toml").is_file());
    add(&sandbox).env("MFA_VAULT", "bare.toml").run().exits(0);
    assert!(sandbox.path("bare.toml").is_file());
}

#[test]
fn reading_creates_no_folder() {
    let sandbox = Sandbox::new();
    for arguments in [&["list"][..], &["code", "x"], &["next-pair", "x"], &["export-qr", "x", "-o", "-"]] {
        let run = sandbox.mfa(arguments).env("MFA_VAULT", sandbox.path("a/vault.toml")).run();
        assert!(matches!(run.status.code(), Some(0 | 3)));
    }
    assert_eq!(sandbox.state(), []);
}

#[test]
fn path_that_cannot_be_a_vault_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "x");
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    // Windows reports a path below a file as missing, like a first vault
    let below = cfg!(unix).then_some("file/vault.toml");
    for path in ["folder", "folder/"].into_iter().chain(below) {
        for arguments in [&["list"][..], &["code", "x"], &["add", "x"]] {
            let uri = vector("plain").uri();
            sandbox.mfa(arguments).env("MFA_VAULT", path).stdin(uri).run().exits(1).prints("").says(path);
        }
    }
    assert_eq!(std::fs::read_dir(sandbox.path("folder")).unwrap().count(), 0);
}

#[test]
fn dash_is_not_a_vault() {
    for arguments in [&["list", "--vault", "-"][..], &["add", "x", "--vault", "-"]] {
        Sandbox::new()
            .mfa(arguments)
            .stdin("JBSWY3DPEHPK3PXP")
            .run()
            .exits(1)
            .says("the vault must be a file");
    }
}
