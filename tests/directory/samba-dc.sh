#!/usr/bin/env bash
# A throw-away Active Directory domain controller for tests: Samba, LDAP only, on one loopback address. Debian, as root, no systemd.
#
#   samba-dc.sh missing           says what this machine lacks, one line; nothing and exit code 0 when nothing
#   samba-dc.sh provision         a new domain in $DC_DIR (4 s)
#   samba-dc.sh clone FROM        $DC_DIR becomes a copy of the stopped domain in FROM (0.2 s)
#   samba-dc.sh join IP           $DC_DIR becomes a second controller ($DC_HOST) of the domain that runs at IP with DC_SERVICES="ldap, rpc" (10 s)
#   samba-dc.sh pull IP           brings $DC_DIR what the controller at IP has and it has not, running or stopped (2 s)
#   samba-dc.sh run               serves $DC_DIR in the foreground until standard input ends or SIGTERM comes
#   samba-dc.sh start | stop      the same in the background, for people
#   samba-dc.sh save | restore    keeps a copy of the stopped domain beside it, and puts it back
#   samba-dc.sh wipe              removes the stopped domain
#
# Samba's ports are fixed (389, 636, 3268, 3269), so every controller takes a loopback address of its own: DC_IP.
# Everything of one domain lies in $DC_DIR; nothing of the machine's own Samba is read or changed.
set -euo pipefail

DC_DIR=${DC_DIR:?the folder of the domain}
DC_IP=${DC_IP:-127.0.0.1}
DC_REALM=${DC_REALM:-CONTOSO.COM}
DC_DOMAIN=${DC_DOMAIN:-CONTOSO}
DC_HOST=${DC_HOST:-dc1}
DC_ADMIN_PASSWORD=${DC_ADMIN_PASSWORD:-Passw0rd.1234}
# "no" flushes every transaction to the disk, as a real controller does; a throw-away domain need not.
DC_NOSYNC=${DC_NOSYNC:-yes}
DC_SCHEMA=${DC_SCHEMA:-2016}

# "ldap, rpc" where others join this domain or pull from it.
DC_SERVICES=${DC_SERVICES:-ldap}

readonly setup=/usr/share/samba/setup
readonly host=$DC_HOST.${DC_REALM,,}

die() { echo "samba-dc: $*" >&2; exit 1; }

missing() {
    local lacks=() tool
    for tool in samba ldapmodify ldapsearch openssl; do command -v "$tool" >/dev/null || lacks+=("$tool"); done
    [[ -f $setup/provision.ldif ]] || lacks+=(samba-ad-provision)
    /usr/bin/python3 -c 'import samba.netcmd.main' 2>/dev/null || lacks+=(python3-samba)
    [[ $(id -u) == 0 ]] || lacks+=(root)
    [[ ${#lacks[@]} == 0 ]] || { echo "no domain controller for tests on this machine: ${lacks[*]} missing"; exit 1; }
}

# Samba 4.17 ships the schema of Windows Server 2016, the first with msDS-ExternalDirectoryObjectId, but its command line offers
# schemas only up to 2012 R2. Newer releases know it themselves; there the table is full already and nothing changes.
samba_tool() {
    /usr/bin/python3 - "$@" <<'PY'
import sys
import samba.schema

samba.schema.Schema.base_schemas.setdefault(
    "2016", ("AD_DS_Attributes__Windows_Server_2016.ldf", "AD_DS_Classes__Windows_Server_2016.ldf", 87))
try:
    from samba.netcmd.domain import cmd_domain_provision
    for option in cmd_domain_provision.takes_options:
        if "--base-schema" in option._long_opts:
            option.choices = list(samba.schema.Schema.base_schemas)
except (ImportError, AttributeError):
    pass

from samba.netcmd.main import cmd_sambatool
command = cmd_sambatool()
try:
    sys.exit(command._run("samba-tool", *sys.argv[1:]))
except Exception as failure:
    command.show_command_error(failure)
    sys.exit(1)
PY
}

provision() {
    [[ ! -e $DC_DIR/private ]] || die "$DC_DIR holds a domain already"
    mkdir -p "$DC_DIR"
    touch "$DC_DIR/throw-away-domain"
    : >"$DC_DIR/none.conf"
    samba_tool domain provision --configfile="$DC_DIR/none.conf" --targetdir="$DC_DIR" --realm="$DC_REALM" --domain="$DC_DOMAIN" \
        --server-role=dc --dns-backend=NONE --adminpass="$DC_ADMIN_PASSWORD" --host-name="$DC_HOST" --host-ip="$DC_IP" \
        --base-schema="$DC_SCHEMA" --function-level=2008_R2 \
        --option="interfaces=$DC_IP/8" --option="bind interfaces only=yes" >"$DC_DIR/provision.log" 2>&1 ||
        { tail -n 20 "$DC_DIR/provision.log" >&2; die "the domain could not be made"; }
    configure
}

# Address and folder may differ from those of the provisioning, so both files are written again before each start.
configure() {
    mkdir -p "$DC_DIR/run" "$DC_DIR/tls"
    if [[ ! -f $DC_DIR/tls/$DC_IP.pem ]]; then
        # Both names, because a client on the same machine may be checked against either.
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$host" \
            -addext "subjectAltName=DNS:$host,DNS:localhost,DNS:$(hostname),IP:$DC_IP" \
            -keyout "$DC_DIR/tls/$DC_IP.key" -out "$DC_DIR/tls/$DC_IP.pem" 2>/dev/null
        chmod 600 "$DC_DIR/tls/$DC_IP.key"
        rm -rf "$DC_DIR/trust"
        mkdir "$DC_DIR/trust"
        cp "$DC_DIR/tls/$DC_IP.pem" "$DC_DIR/trust/dc.pem"
        openssl rehash "$DC_DIR/trust"
    fi
    cat >"$DC_DIR/smb.conf" <<CONF
[global]
	realm = $DC_REALM
	workgroup = $DC_DOMAIN
	netbios name = ${DC_HOST^^}
	server role = active directory domain controller
	server services = $DC_SERVICES
	interfaces = $DC_IP/8
	bind interfaces only = yes
	ldap server require strong auth = no
	ldb:nosync = $DC_NOSYNC
	tls enabled = yes
	tls keyfile = $DC_DIR/tls/$DC_IP.key
	tls certfile = $DC_DIR/tls/$DC_IP.pem
	tls cafile = $DC_DIR/tls/$DC_IP.pem
	private dir = $DC_DIR/private
	state directory = $DC_DIR/state
	cache directory = $DC_DIR/cache
	lock directory = $DC_DIR
	binddns dir = $DC_DIR/bind-dns
	pid directory = $DC_DIR/run
	ncalrpc dir = $DC_DIR/run/ncalrpc
	winbindd socket directory = $DC_DIR/run/winbindd
	ntp signd socket directory = $DC_DIR/run/ntp_signd
	log file = $DC_DIR/samba.log
CONF
}

clone() {
    [[ -f ${1:?the folder to copy}/throw-away-domain ]] || die "$1 is no domain of this script"
    [[ ! -e $DC_DIR ]] || die "$DC_DIR exists"
    cp -a --sparse=always "$1" "$DC_DIR"
    rm -rf "$DC_DIR/run"
}

# No Kerberos, no DNS: NTLM to an address is enough for joining, and for replicating by order.
join() {
    [[ ! -e $DC_DIR/private ]] || die "$DC_DIR holds a domain already"
    mkdir -p "$DC_DIR"
    touch "$DC_DIR/throw-away-domain"
    : >"$DC_DIR/none.conf"
    samba_tool domain join "${DC_REALM,,}" DC --configfile="$DC_DIR/none.conf" --targetdir="$DC_DIR" --realm="$DC_REALM" --server="${1:?the address to join at}" \
        --site=Default-First-Site-Name --dns-backend=NONE --username="$DC_DOMAIN\\administrator" --password="$DC_ADMIN_PASSWORD" --use-kerberos=off \
        --option="workgroup=$DC_DOMAIN" --option="netbios name=${DC_HOST^^}" --option="client ldap sasl wrapping=plain" \
        --option="interfaces=$DC_IP/8" --option="bind interfaces only=yes" >"$DC_DIR/join.log" 2>&1 ||
        { tail -n 20 "$DC_DIR/join.log" >&2; die "the domain could not be joined"; }
    configure
}

pull() {
    local base
    base=DC=$(sed 's/\./,DC=/g' <<<"${DC_REALM,,}")
    samba_tool drs replicate "$DC_HOST" "${1:?the address to pull from}" "$base" --local --configfile="$DC_DIR/smb.conf" \
        --username="$DC_DOMAIN\\administrator" --password="$DC_ADMIN_PASSWORD" --use-kerberos=off >"$DC_DIR/pull.log" 2>&1 ||
        { tail -n 20 "$DC_DIR/pull.log" >&2; die "nothing was replicated"; }
}

answers() { (exec 3<>"/dev/tcp/$DC_IP/$1") 2>/dev/null; }

run() {
    [[ -d $DC_DIR/private ]] || die "$DC_DIR holds no domain"
    ! answers 389 || die "something else listens on $DC_IP:389"
    configure
    rm -f "$DC_DIR/run/samba.pid"
    # Interactive: it ends when its standard input does, so whoever holds the other end cannot leave it behind, not even by dying.
    exec samba --interactive --no-process-group --model=single --configfile="$DC_DIR/smb.conf" --debug-stdout -d 1 >"$DC_DIR/samba.out" 2>&1
}

is_up() { [[ -s $DC_DIR/run/samba.pid ]] && grep -qs '^State:[[:space:]][^Z]' "/proc/$(<"$DC_DIR/run/samba.pid")/status"; }

start() {
    ! is_up || die "it runs already, pid $(<"$DC_DIR/run/samba.pid")"
    # Without a pipe for its input it stays until it is stopped.
    (run </dev/null) &
    local child=$! port i
    disown
    for port in 389 636 3268 3269; do
        for ((i = 0; i < 600; i++)); do
            if answers "$port"; then continue 2; fi
            kill -0 "$child" 2>/dev/null || break
            sleep 0.05
        done
        tail -n 20 "$DC_DIR/samba.out" >&2
        die "$DC_IP:$port does not answer"
    done
    echo "pid $(<"$DC_DIR/run/samba.pid"), ldaps://$DC_IP, administrator@${DC_REALM,,} / $DC_ADMIN_PASSWORD, trust $DC_DIR/tls/$DC_IP.pem"
}

stop() {
    is_up || return 0
    local pid i
    pid=$(<"$DC_DIR/run/samba.pid")
    kill -TERM "$pid"
    for ((i = 0; i < 200; i++)); do
        is_up || { rm -f "$DC_DIR/run/samba.pid"; return 0; }
        sleep 0.05
    done
    die "pid $pid does not end"
}

wipe() {
    ! is_up || die "stop it first"
    [[ -e $DC_DIR ]] || return 0
    [[ -f $DC_DIR/throw-away-domain ]] || die "$DC_DIR is no domain of this script"
    rm -rf "$DC_DIR"
}

save() {
    ! is_up || die "stop it first"
    rm -rf "$DC_DIR.saved"
    cp -a --sparse=always "$DC_DIR" "$DC_DIR.saved"
}

restore() {
    [[ -d $DC_DIR.saved ]] || die "nothing was saved"
    wipe
    cp -a --sparse=always "$DC_DIR.saved" "$DC_DIR"
}

case ${1:-} in
    missing | provision | run | start | stop | wipe | save | restore) "$1" ;;
    join | pull) "$1" "${2:-}" ;;
    clone) clone "${2:-}" ;;
    *) sed -n '2,17s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
