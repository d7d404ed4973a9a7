//! `--profile`: the account of a profile in AWS's own configuration.

use crate::harness::{MFA, Run, Sandbox, vector};

const SERIAL: &str = "arn:aws:iam::123456789012:mfa/root-account-mfa-device";

/// Returns a sandbox with an AWS account and this configuration in its home folder.
fn configured(config: &str) -> Sandbox {
    let sandbox = Sandbox::with_accounts(&[("root", "aws"), ("other", "plain")]);
    std::fs::create_dir_all(sandbox.path("home/.aws")).unwrap();
    sandbox.write("home/.aws/config", config.replace("SERIAL", SERIAL));
    sandbox
}

fn code(sandbox: &Sandbox, profile: &str) -> Run {
    sandbox.mfa(["code", "--profile", profile])
}

#[test]
fn profile_finds_the_account_of_its_device() {
    let sandbox = configured(
        "[default]\nmfa_serial=SERIAL\n# mine\n[profile prod]\nregion = eu-west-1\nMFA_Serial = SERIAL # phone\n\
         [profile \"two words\"]\nmfa_serial = SERIAL\n",
    );
    for profile in ["default", "prod", "two words"] {
        code(&sandbox, profile).run().exits(0).prints("596825\n").in_silence();
    }
    let pair = sandbox.mfa(["next-pair", "-Fline", "--profile=prod"]).run().exits(0).text();
    assert!(pair.starts_with("596825 "), "{pair}");
    assert_eq!(sandbox.mfa(["code", "--profile", "prod", "-j"]).run().exits(0).json()["name"], "root");
}

#[test]
fn aws_variables_name_the_configuration_files() {
    let sandbox = configured("[profile prod]\nmfa_serial = arn:aws:iam::123456789012:mfa/nobody\n");
    let config = sandbox.write("other-config", format!("[profile prod]\nmfa_serial = {SERIAL}\n"));
    code(&sandbox, "prod").env("AWS_CONFIG_FILE", config).run().exits(0).prints("596825\n");
    sandbox.write("home/inside", format!("[profile prod]\nmfa_serial = {SERIAL}\n"));
    code(&sandbox, "prod").env("AWS_CONFIG_FILE", "~/inside").run().exits(0).prints("596825\n");
    let credentials =
        sandbox.write("keys", format!("[prod]\nmfa_serial = {SERIAL}\n[only]\nmfa_serial={SERIAL}\n"));
    for profile in ["prod", "only"] {
        let run = code(&sandbox, profile).env("AWS_SHARED_CREDENTIALS_FILE", &credentials).run();
        run.exits(0).prints("596825\n");
    }
    let run = code(&sandbox, "only").env("AWS_CONFIG_FILE", "").env("AWS_SHARED_CREDENTIALS_FILE", "").run();
    run.exits(1).says("no profile 'only'");
}

#[test]
fn missing_profile_or_device_is_named() {
    let nothing = Sandbox::with_accounts(&[("root", "aws")]);
    code(&nothing, "prod").run().exits(1).prints("").says(".aws/config'").hints("AWS_CONFIG_FILE");

    let sandbox = configured(
        "[profile prod]\nmfa_serial = SERIAL\n[profile base]\nregion = eu-west-1\ns3 =\n  mfa_serial = SERIAL\n\
         [profile role]\nsource_profile = prod\n[profile token]\nmfa_serial = GAHT12345678\n\
         [profile gone]\nmfa_serial = arn:aws:iam::123456789012:mfa/gone\n[preview]\nmfa_serial = SERIAL\n",
    );
    code(&sandbox, "prdo").run().exits(1).prints("").says("no profile 'prdo'").hints("did you mean prod?");
    code(&sandbox, "preview").run().exits(1).prints("").says("no profile 'preview'");
    code(&sandbox, "base").run().exits(1).prints("").says("has no mfa_serial").hints("mfa_serial = arn:");
    code(&sandbox, "role").run().exits(1).prints("").says("has no mfa_serial").hints("--profile prod");
    code(&sandbox, "token").run().exits(1).prints("").says("'GAHT12345678'").hints("hardware device");
    let gone = code(&sandbox, "gone").run().exits(3).prints("");
    gone.says("the profile 'gone': no account 'arn:").hints("mfa edit NAME --serial ARN");
}

#[test]
fn profile_and_name_exclude_each_other() {
    let sandbox = configured("[profile prod]\nmfa_serial = SERIAL\n");
    for arguments in [
        &["code", "root", "--profile", "prod"][..],
        &["code", "--from", "-", "--profile", "prod"],
        &["next-pair", "root", "--profile", "prod"],
        &["next-pair"],
        &["code"],
    ] {
        sandbox.mfa(arguments).run().exits(2).prints("").says("--profile <PROFILE>");
    }
    code(&sandbox, "prod").env("MFA_VAULT", "none.toml").run().exits(3).says("is empty");
}

/// aws-vault runs a profile's `mfa_process` in the shell and trims its stdout to get the code; awsume takes the output
/// of a command in its `--mfa-token`.
#[test]
fn other_tools_accept_the_output_of_code() {
    let sandbox = configured(
        "[profile prod]\nmfa_serial = SERIAL\nmfa_process = mfa code --profile prod\n\
         [profile arn]\nmfa_process = mfa code SERIAL\n",
    );
    let config = std::fs::read_to_string(sandbox.path("home/.aws/config")).unwrap();
    let commands: Vec<&str> = config.lines().filter_map(|line| line.strip_prefix("mfa_process = ")).collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let here = sandbox.mfa(["list"]).command();
        let token = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("mfa() {{ {MFA} \"$@\"; }}; {command}"))
            .env_clear()
            .envs(here.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(token.stdout).unwrap().trim(), vector("aws").at("59"), "{command}");
        assert_eq!(token.stderr, b"");
    }
}
