# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154  # variables are shared between the sourced files
#
# Installs missing distribution packages. Needs common.sh and packages.sh.

# Fails on a system whose packages are not known to be new enough. Sets system_id (debian or ubuntu).
require_supported_system() {
  [[ -r /etc/os-release ]] || die "unsupported system: /etc/os-release is missing; Debian 12, Debian 13 or Ubuntu 24.04 is needed"
  local version name least
  # shellcheck source=/dev/null
  read -r system_id version name < <(. /etc/os-release && echo "$ID ${VERSION_ID:-rolling} ${PRETTY_NAME:-$ID}")
  case $system_id in
    debian) least=12 ;;
    ubuntu) least=24 ;;
    *) die "unsupported system: $name; the packages are known for Debian 12, Debian 13 and Ubuntu 24.04 (elsewhere, install the dependencies yourself and add --no-install)" ;;
  esac
  if [[ $version != rolling ]] && ((${version%%.*} < least)); then
    die "unsupported system: $name is too old; Debian 12, Debian 13 or Ubuntu 24.04 is needed"
  fi
}

# missing_packages PURPOSE...: prints the packages of these purposes that are not installed, one a line.
missing_packages() {
  local purpose
  for purpose in "$@"; do
    local -n names="${purpose}_packages"
    printf '%s\n' "${names[@]}"
  done | sort -u | while read -r name; do
    [[ $system_id != ubuntu || " ${absent_on_ubuntu[*]} " != *" $name "* ]] || continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"
}

# One sentence for why apt failed, from its log.
explain_apt_failure() {
  local log=$1
  if grep -qiE 'no space left|enough free space' "$log"; then
    echo "not enough disk space to install the packages"
  elif grep -qiE 'could not resolve|temporary failure|could not connect|failed to fetch|connection (failed|timed out|refused)|network is unreachable' "$log"; then
    echo "no network: the package archive could not be reached"
  elif grep -qiE 'unable to locate package|no installation candidate' "$log"; then
    echo "the configured package sources lack a package (on Ubuntu, enable the \"universe\" component): $(grep -iE 'unable to locate|no installation candidate' "$log" | head -n 1)"
  elif grep -qiE 'could not get lock' "$log"; then
    echo "another program is installing packages; try again when it has finished"
  else
    echo "apt-get could not install the packages"
  fi
}

# install_packages PURPOSE...: installs what is missing, as root or with sudo; does nothing when all is there.
install_packages() {
  require_supported_system
  local missing log=$log_dir/apt.log
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    note "all packages are there"
    return
  fi
  if ((EUID != 0)); then
    local advice="run this as root: apt-get install ${missing[*]}"
    command -v sudo >/dev/null || die "${#missing[@]} packages are missing and there is no sudo; $advice"
    sudo -v || die "${#missing[@]} packages are missing and sudo refuses; $advice"
  fi
  require_disk /var/cache 1
  require_disk /usr 2
  note "installing ${#missing[@]} packages: ${missing[*]}"
  mkdir -p "$log_dir"
  # An update that fails in part (a dead third-party source) does no harm if the packages are found all the same.
  apt_get update >"$log" 2>&1 || true
  if ! apt_get install --yes --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "$(explain_apt_failure "$log") (apt's output is in $log)"
  fi
}
