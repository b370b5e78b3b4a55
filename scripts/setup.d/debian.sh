# Debian packages: what is missing, whether it may be installed, and what to do without it.
# Sourced by scripts/setup.

# read whole before it is searched: a grep that stops early would end ldconfig and, under pipefail, itself
library() { grep -q "$1" <<< "$(ldconfig -p 2> /dev/null)"; }

# present PACKAGE: is what it brings there, however it came
present() {
  case "$1" in
    python3-venv) python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null ;;
    fonts-noto-cjk) compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' > /dev/null \
      || { command -v fc-list > /dev/null && [ -n "$(fc-list :lang=zh-cn file 2> /dev/null)" ]; } ;;
    libpango-1.0-0) library 'libpango-1\.0\.so\.0' ;;
    libpangoft2-1.0-0) library 'libpangoft2-1\.0\.so\.0' ;;
    libharfbuzz-subset0) library 'libharfbuzz-subset\.so\.0' ;;
    libatomic1) library 'libatomic\.so\.1' ;;
    postgresql) command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null ;;
    rabbitmq-server) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ;;
    nodejs) command -v node > /dev/null ;;
    chromium) command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

# cost PACKAGE: what is lost without it, and what is used instead
cost() {
  case "$1" in
    fonts-noto-cjk) echo "Chinese text in PDF reports and pictures shows as empty boxes; HTML and JSON are whole" ;;
    libpango*) echo "no PDF reports; HTML and JSON are written as always" ;;
    libharfbuzz-subset0) echo "PDF reports are larger and their bytes differ from run to run" ;;
    mosquitto) echo "the broker amqtt is used instead; it forgets undelivered messages, so nothing is claimed about losses" ;;
    postgresql) echo "the tests over PostgreSQL are skipped; SQLite is tested" ;;
    rabbitmq-server) echo "the tests over the broker RabbitMQ are skipped" ;;
    nodejs | npm) echo "the tests over a real SMPP server and those with a Sparkplug encoder are skipped" ;;
    chromium | libatomic1) echo "the tests that look at the console are skipped, and no pictures are made" ;;
    strace) echo "the test that each PUBACK follows a sync is skipped" ;;
    git) echo "the tests that look at a clone are skipped" ;;
    *) echo "needed" ;;
  esac
}

# the wheel of pip that unpack_pip brought
pip_wheel() { compgen -G "$PWD/var/tools/usr/share/python-wheels/pip-*.whl" || true; }

# may_install: root, or sudo without a question; leaves the prefix in $sudo
may_install() {
  command -v apt-get > /dev/null || return 1
  if [ "$(id -u)" = 0 ]; then sudo=""; return 0; fi
  sudo="sudo -n"
  command -v sudo > /dev/null && sudo -n true 2> /dev/null
}

missing_of() {
  local each
  for each in "$@"; do present "$each" || printf '%s ' "$each"; done
}

install() {
  local options="-q -y --no-install-recommends -o Dpkg::Use-Pty=0"
  say "installing Debian packages: $*"
  $sudo apt-get update -q || say "apt-get update failed; going on with the lists that are here"
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install $options "$@" < /dev/null && return
  say "not all at once; one by one"
  local each
  for each in "$@"; do
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install $options "$each" < /dev/null || say "$each could not be installed"
  done
}

# unpack PACKAGE...: Debian's own packages without root, into var/tools
unpack() {
  command -v apt-get > /dev/null && command -v dpkg > /dev/null || return 1
  say "no right to install; unpacking into var/tools: $*"
  local here="$PWD/var/tools" own
  mkdir -p "$here/debs" "$here/apt/lists/partial" "$here/apt/cache/archives/partial" "$here/bin"
  own="-o Dir::State::lists=$here/apt/lists -o Dir::Cache=$here/apt/cache -o Acquire::Retries=1 -o Acquire::http::Timeout=20"
  (
    cd "$here/debs"
    # shellcheck disable=SC2086
    apt-get -q download "$@" 2> /dev/null || { apt-get -q $own update && apt-get -q $own download "$@"; } || exit 1
    for each in *.deb; do dpkg -x "$each" "$here" || exit 1; done
  ) || return 1
  rm -rf "$here/debs"
}

unpack_mosquitto() {
  unpack mosquitto libcjson1 libmosquitto1 libdlt2 libwrap0 || return 1
  local here="$PWD/var/tools" libraries each
  libraries=$(dirname "$(find "$here/usr/lib" -name libmosquitto.so.1 | head -n 1)")
  for each in sbin/mosquitto bin/mosquitto_passwd; do
    cat > "$here/bin/${each#*/}" << END
#!/bin/sh
here=\$(cd "\$(dirname "\$0")/.." && pwd)
LD_LIBRARY_PATH="\$here${libraries#"$here"}" exec "\$here/usr/$each" "\$@"
END
    chmod 755 "$here/bin/${each#*/}"
  done
  "$here/bin/mosquitto" -h > /dev/null 2>&1 || [ $? -lt 126 ]
}

# Debian keeps the venv module with Python, and only pip apart; pip runs from its wheel as well.
unpack_pip() {
  python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && unpack python3-pip-whl
}

debian_packages() {
  local missing each
  missing=$(missing_of "$@")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086
  if may_install; then install $missing; missing=$(missing_of $missing); fi
  for each in $missing; do
    if [ "$each" = python3-venv ]; then
      if [ -n "$(pip_wheel)" ] || unpack_pip; then continue; fi
      stop "Python 3.11 or newer with its venv module is missing, and nothing runs without it; install it: apt-get install python3-venv (as root), then again"
    fi
    if [ "$each" = mosquitto ] && unpack_mosquitto; then continue; fi
    say "$each is missing: $(cost "$each"). To install it: apt-get install $each (as root)"
  done
}
