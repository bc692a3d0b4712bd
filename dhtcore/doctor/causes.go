package doctor

import (
	"dhtop/dhtcore/snapshot"
)

// Cause is a word for why a Finding is not well, for programs: "" for none that has a word. Causes are added, never renamed.
type Cause string

// The causes.
const (
	CauseNoNetwork   Cause = "no-network"
	CauseDeviceGone  Cause = "device-gone"
	CauseFirewall    Cause = "firewall"
	CauseFiltered    Cause = "udp-filtered"
	CauseOverload    Cause = "overload"
	CauseDNS         Cause = "dns"
	CauseClosed      Cause = "port-closed"
	CauseMapped      Cause = "mapped-unreachable"
	CauseVPN         Cause = "vpn-no-forwarding"
	CauseIPv6        Cause = "ipv6-firewalled"
	CauseCarrierNAT  Cause = "carrier-nat"
	CauseDoubleNAT   Cause = "double-nat"
	CauseNoPublicIP  Cause = "no-public-address"
	CauseOtherWayOut Cause = "other-way-out"
	CauseSymmetric   Cause = "symmetric-nat"
	CauseClock       Cause = "clock"
	CausePortTaken   Cause = "port-taken"
)

// Word is a word of the doctor and what it stands for.
type Word struct{ Name, About string }

// Checks are the names of all findings, in their order.
func Checks() []Word {
	return []Word{
		{"network", "Whether others reply."}, {"hosts", "Whether the bootstrap hosts do, and can be resolved."},
		{"table", "Whether lookups have nodes to begin with."}, {"port", "Whether others reach this node."},
		{"ipv6", "The same over IPv6; where that works."}, {"address", "Under which address others see this node."},
		{"requests", "Whether others ask for hashes."}, {"loss", "Whether packets are lost on this machine."},
		{"budget", "Whether the limits of --rate are reached."}, {"memory", "How many hashes it holds."},
		{"store", "Whether the store can be written."}, {"disk", "Whether its disk has room."}, {"clock", "Whether the clock is right, as far as those of others were seen by the way."},
		{"mapping", "What the router forwards; with --port-map."}, {"sandbox", "Whether other files are out of reach; where that was asked for."},
		{"recording", "Whether --record goes on; with it."}, {"guest", "There beside another dhtop."},
		{"terminal", "What it can show; of the command and the screen."}, {"start", "Alone there, when no node could start."},
	}
}

// Causes are all causes.
func Causes() []Word {
	return []Word{
		{string(CauseNoNetwork), "Nothing can be sent, or nobody replies."},
		{string(CauseDeviceGone), "The interface of --bind-device is gone or down."},
		{string(CauseFirewall), "A firewall of this machine refuses what is sent."},
		{string(CauseFiltered), "Nearly all nodes are silent and some reply: the provider drops BitTorrent's UDP."},
		{string(CauseOverload), "Many nodes are silent: the connection or the router may be overloaded."},
		{string(CauseDNS), "The bootstrap hosts cannot be resolved, or DNS blocks them."},
		{string(CauseClosed), "No query of a stranger comes through: a NAT or a firewall is in the way."},
		{string(CauseMapped), "The same, although the router forwards the port."},
		{string(CauseVPN), "The same, and the way out is a VPN."},
		{string(CauseIPv6), "No query of a stranger comes through over IPv6; over IPv4 they do."},
		{string(CauseCarrierNAT), "The router's own address is one of the provider's network."},
		{string(CauseDoubleNAT), "The router's own address is a private one: there is a router before it."},
		{string(CauseNoPublicIP), "The router says that it has no public address: there is a router before it, or it is in the provider's network."},
		{string(CauseOtherWayOut), "Others see another address than the router has: a second NAT, or a VPN."},
		{string(CauseSymmetric), "Each node sees another port: the NAT is symmetric."},
		{string(CauseClock), "The clock is wrong, or jumped."},
		{string(CausePortTaken), "The router forwards another port than others see, as another machine has that one."},
	}
}

// causeOf is the one of an outage.
func causeOf(o *snapshot.Outage) Cause {
	switch o.Kind {
	case snapshot.NoOutage, snapshot.NoHosts:
		return ""
	case snapshot.Filtered:
		return CauseFiltered
	case snapshot.NoDNS:
		return CauseDNS
	case snapshot.DeviceGone:
		return CauseDeviceGone
	case snapshot.SendRefused:
		return CauseFirewall
	}
	return CauseNoNetwork
}
