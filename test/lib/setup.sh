#!/usr/bin/env bash
# What does a machine need for the build and the tests, and how does it get there?
#
# setup.sh            installs what is missing, and nothing that is there already
# setup.sh packages   the part of it that wants root
# setup.sh apis       what the APIs of other people's servers need, and the schemas of public ones
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

has_command()
{
	command -v "$1" >/dev/null
}

has_header()
{
	has_command g++ &&
		printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | g++ -E -x c++ - >/dev/null 2>&1
}

has_postgresql()
{
	has_command "$PG_CONFIG" && [ -e "$("$PG_CONFIG" --includedir-server)/postgres.h" ] &&
		[ -x "$("$PG_CONFIG" --bindir)/initdb" ] && [ -e "$("$PG_CONFIG" --pgxs)" ]
}

# Debian's packages that are missing, one a line.
missing_packages()
{
	has_command g++ || echo g++
	has_command clang++ || echo clang
	has_command clang-format || echo clang-format
	has_command openssl || echo openssl
	{ has_command node && has_command npm; } || printf '%s\n' nodejs npm
	has_header curl/curl.h || echo libcurl4-openssl-dev
	has_header simdjson.h || echo libsimdjson-dev
	has_header gtest/gtest.h || echo libgtest-dev
	has_postgresql || echo postgresql
}

# The PostgreSQL that this release of Debian calls its own.
default_postgresql()
{
	apt-cache show --no-all-versions postgresql | sed -n 's/^Depends:.*postgresql-\([0-9]*\).*/\1/p'
}

apt_install()
{
	local log

	log=$(DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install \
		--no-install-recommends "$@" 2>&1) || die "$log"
}

install_packages()
{
	local missing version conf=/etc/postgresql-common/createcluster.conf

	mapfile -t missing < <(missing_packages)
	[ "${#missing[@]}" -gt 0 ] || return 0
	say "installing ${missing[*]}"
	apt-get -qq -o DPkg::Lock::Timeout=300 update
	if [[ " ${missing[*]} " == *' postgresql '* ]]; then
		# The tests bring their own cluster: the machine gets none from us, now or later.
		apt_install postgresql-common
		if ! grep -q '^create_main_cluster' "$conf"; then
			echo 'create_main_cluster = false' >>"$conf"
			# shellcheck disable=SC2064
			trap "sed -i '/^create_main_cluster = false$/d' '$conf'" EXIT
		fi
		version=$(default_postgresql)
		missing=("${missing[@]/%postgresql/postgresql-$version}" "postgresql-server-dev-$version")
	fi
	apt_install "${missing[@]}"
}

ensure_packages()
{
	local missing command

	mapfile -t missing < <(missing_packages)
	[ "${#missing[@]}" -gt 0 ] || return 0
	has_command apt-get || die "missing, and no apt-get to install it with: ${missing[*]}"
	if [ "$(id -u)" = 0 ]; then
		install_packages
	elif sudo -n true 2>/dev/null; then
		sudo -n PG_CONFIG="$PG_CONFIG" bash "$root/test/lib/setup.sh" packages
	else
		command="bash '$root/test/lib/setup.sh' packages"
		if has_command sudo; then
			command="sudo $command"
		else
			command="su -c \"$command\""
		fi
		die "missing: ${missing[*]}. This installs it:"$'\n\n'"    $command"
	fi
	mapfile -t missing < <(missing_packages)
	[ "${#missing[@]}" -eq 0 ] || die "still missing: ${missing[*]}"
}

# npm_install <directory> <what it is for>: what its package-lock.json lists, unless it is there. Nothing
# of it has to be compiled, so nothing of it is run.
npm_install()
(
	cd "$root/$1" || exit
	if [ ! -e node_modules/.package-lock.json ] ||
		[ package-lock.json -nt node_modules/.package-lock.json ]; then
		say "installing the packages of $2"
		npm ci --ignore-scripts --loglevel=error --no-audit --no-fund --no-update-notifier >/dev/null
		touch node_modules/.package-lock.json
	fi
)

# The API that the tests talk to wants Node 20; Debian 12 has 18, and the package registry of Node has
# Node itself.
ensure_node_modules()
{
	npm_install test/server 'the test API'
	cd "$root/test/server" || exit
	if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ] &&
		[ ! -x node_modules/.bin/node ]; then
		say 'installing Node 20 for the test API'
		npm install --loglevel=error --no-audit --no-fund --no-update-notifier --no-save node@20 >/dev/null
	fi
}

case ${1:-all} in
	packages)
		install_packages
		;;
	all)
		ensure_packages
		ensure_node_modules
		;;
	apis)
		npm_install test/apis "other people's servers"
		npm_install test/apis/postgraphile PostGraphile
		;;
	*)
		die "usage: $0 [packages | apis]"
		;;
esac
