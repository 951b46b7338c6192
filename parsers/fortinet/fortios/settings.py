"""The settings of policies by what they do: match, change the outcome, or neither.

Source: FortiOS CLI Reference, "config firewall policy", "policy6", "security-policy", "local-in-policy",
"interface-policy" and "central-snat-map", FortiOS 5.0 to 7.6. A setting that is in none of these tables makes its rule
inexact.
"""

from __future__ import annotations

MATCH = frozenset(
    {"srcintf", "dstintf", "intf", "interface", "srcaddr", "dstaddr", "srcaddr4", "dstaddr4", "srcaddr6", "dstaddr6"}
    | {"srcaddr-negate", "dstaddr-negate", "srcaddr6-negate", "dstaddr6-negate", "srcaddr4-negate", "dstaddr4-negate"}
    | {"service", "service-negate", "schedule", "policy-expiry", "policy-expiry-date", "policy-expiry-date-utc"}
    | {"match-vip", "match-vip-only", "tos", "tos-mask", "tos-negate", "action", "status", "name", "comments"}
    | {"orig-addr", "dst-addr", "orig-addr6", "dst-addr6", "protocol", "orig-port", "dst-port", "comment", "type"}
)
"""Settings that the rule reader knows by name."""

INTERNET_SERVICES = tuple(
    f"{stem}-{kind}"
    for stem in ("internet-service", "internet-service6")
    for kind in ("name", "id", "group", "custom", "custom-group", "fortiguard", "dynamic")
)
INTERNET_SERVICES_SRC = tuple(
    f"{stem}-src-{kind}"
    for stem in ("internet-service", "internet-service6")
    for kind in ("name", "id", "group", "custom", "custom-group", "fortiguard", "dynamic")
)
_SWITCHES = frozenset(
    f"{stem}{side}{rest}"
    for stem in ("internet-service", "internet-service6")
    for side in ("", "-src")
    for rest in ("", "-negate")
)
DYNAMIC_SERVICES = frozenset({"network-service-dynamic", "network-service-src-dynamic"})

IDENTITY = ("users", "groups", "fsso-groups")
"""Settings of which one has to fit: who the user is."""

CONDITIONS = {
    "devices": "the device type",
    "src-vendor-mac": "the vendor of the MAC address",
    "ztna-ems-tag": "the ZTNA tag",
    "ztna-ems-tag-secondary": "the second ZTNA tag",
    "ztna-geo-tag": "the ZTNA location tag",
    "reputation-minimum": "the reputation of the address",
    "reputation-minimum6": "the reputation of the address",
    "vlan-filter": "the VLAN",
    "rtp-addr": "",
    "sgt": "the security group tag",
}
"""Settings that restrict the rule by something that is not in the file, and what that is."""

CONTENT = ("application", "app-category", "app-group", "url-category", "application-list-match")
"""Settings of NGFW policies that restrict the rule to applications or web categories."""

QUALIFIERS = frozenset(
    {"ztna-tags-match-logic", "ztna-ems-tag-negate", "reputation-direction", "reputation-direction6", "sgt-check"}
    | {"geoip-match", "enforce-default-app-port", "geoip-anycast"}
)
"""Settings that say how others are tested."""

DETAILS = frozenset(
    {"nat", "nat46", "nat64", "nat66", "poolname", "poolname6", "fixedport", "port-preserve", "port-random", "natip"}
    | {"pcp-inbound", "pcp-outbound", "pcp-poolname", "permit-any-host", "permit-stun-host", "nat-ippool", "nat-port"}
    | {"nat-ippool6", "vpntunnel", "inbound", "outbound", "natinbound", "natoutbound", "profile-type", "profile-group"}
    | {"av-profile", "webfilter-profile", "dnsfilter-profile", "emailfilter-profile", "spamfilter-profile"}
    | {"dlp-profile", "dlp-sensor", "file-filter-profile", "ips-sensor", "application-list", "voip-profile"}
    | {"ips-voip-filter", "sctp-filter-profile", "diameter-filter-profile", "virtual-patch-profile", "icap-profile"}
    | {"cifs-profile", "videofilter-profile", "waf-profile", "ssh-filter-profile", "casb-profile", "gtp-profile"}
    | {"profile-protocol-options", "ssl-ssh-profile", "inspection-mode", "webproxy-profile", "mms-profile"}
    | {"webproxy-forward-server", "http-policy-redirect", "ssh-policy-redirect", "ztna-policy-redirect", "webcache"}
    | {"webcache-https", "wanopt", "wanopt-detection", "wanopt-profile", "wanopt-peer", "wanopt-passive-opt", "wccp"}
    | {"traffic-shaper", "traffic-shaper-reverse", "per-ip-shaper", "dynamic-shaping", "fec", "diffserv-copy"}
    | {"diffserv-forward", "diffserv-reverse", "diffservcode-forward", "diffservcode-rev", "tcp-mss-sender"}
    | {"tcp-mss-receiver", "vlan-cos-fwd", "vlan-cos-rev", "rtp-nat", "redirect-url", "disclaimer", "virtual-patch"}
    | {
        "decrypted-traffic-mirror",
        "ssl-mirror",
        "ssl-mirror-intf",
        "scan-botnet-connections",
        "deep-inspection-options",
    }
    | {"replacemsg-override-group", "block-notification", "identity-based-route", "captive-portal-exempt", "ip-based"}
    | {
        "av-profile-status",
        "ips-sensor-status",
        "application-list-status",
        "webfilter-profile-status",
        "dlp-sensor-status",
    }
    | {"dlp-profile-status", "emailfilter-profile-status", "spamfilter-profile-status", "casi-profile", "nat46-force"}
    | {
        "webfilter-status",
        "dsri",
        "cgn-eif",
        "cgn-eim",
        "cgn-log-server-grp",
        "cgn-resource-quota",
        "ippool",
        "utm-status",
    }
)
"""Settings that change what happens to packets that the rule accepts."""

NEEDS_UTM = frozenset(
    {"av-profile", "webfilter-profile", "dnsfilter-profile", "emailfilter-profile", "spamfilter-profile", "dlp-profile"}
    | {"dlp-sensor", "file-filter-profile", "ips-sensor", "application-list", "voip-profile", "icap-profile"}
    | {"cifs-profile", "videofilter-profile", "waf-profile", "ssh-filter-profile", "casb-profile", "profile-group"}
    | {"profile-type", "ips-voip-filter", "sctp-filter-profile", "diameter-filter-profile", "virtual-patch-profile"}
)
"""Security profiles, which only work with ``utm-status enable``."""

DEFAULTS = frozenset({"", "disable", "0", "0.0.0.0 0.0.0.0", "255", "000000", "single", "flow", "no-inspection"})
"""Values that change nothing; ``show full-configuration`` writes them out."""

NEUTRAL = frozenset(
    {"uuid", "uuid-idx", "policyid", "label", "global-label", "logtraffic", "logtraffic-start", "log-http-transaction"}
    | {"log-unmatched-traffic", "capture-packet", "auto-asic-offload", "np-acceleration", "policy-offload", "color"}
    | {"firewall-session-dirty", "schedule-timeout", "session-ttl", "anti-replay", "tcp-session-without-syn"}
    | {"timeout-send-rst", "delay-tcp-npu-session", "delay-tcp-npu-sessoin", "custom-log-fields", "auth-path"}
    | {
        "auth-cert",
        "auth-redirect-addr",
        "ntlm",
        "ntlm-guest",
        "ntlm-enabled-browsers",
        "fsso",
        "rsso",
        "email-collect",
    }
    | {"fsso-agent-for-ntlm", "radius-mac-auth-bypass", "radius-ip-auth-bypass", "passive-wan-health-measurement"}
    | {"app-monitor", "send-deny-packet", "eif-check", "eif-learn", "cgn-session-quota", "cgn-sw-eif-ctrl", "tags"}
    | {"learning-mode", "ztna-status", "ztna-device-ownership", "max-session-per-user", "session-clash-trap", "tagging"}
    | {
        "identity-based",
        "require-tfa",
        "active-auth-method",
        "sso-auth-method",
        "fall-through-unauthenticated",
        "tcp-reset",
    }
    | {"profile-status", "client-reputation", "client-reputation-mode", "user-agent-detect", "dynamic-profile"}
    | {"dynamic-profile-access", "dynamic-profile-fallthrough", "dynamic-profile-group", "bandwidth", "sessions"}
    | {
        "dponly",
        "poolname-dhcp",
        "implicit-proxy-detection",
        "address-type",
        "ha-mgmt-intf-only",
        "id",
        "device-detection-portal",
    }
    | {"device-ownership", "port-random-flag", "nids", "match-vip-default", "url-category-unitary", "endpoint-check"}
    | {
        "endpoint-profile",
        "endpoint-keepalive-interface",
        "dynamic-profile-enforce",
        "tcp-timeout-pid",
        "udp-timeout-pid",
    }
)
"""Settings without influence on which packets match and on what happens to them."""

KNOWN = (
    MATCH
    | frozenset(INTERNET_SERVICES)
    | frozenset(INTERNET_SERVICES_SRC)
    | _SWITCHES
    | DYNAMIC_SERVICES
    | frozenset(IDENTITY)
    | frozenset(CONDITIONS)
    | frozenset(CONTENT)
    | QUALIFIERS
    | DETAILS
    | NEUTRAL
)
"""Every setting that is known."""
