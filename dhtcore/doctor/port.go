package doctor

import (
	"fmt"
	"strconv"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// FirstRequest is how long a reachable node may wait for its first request before that means something.
const FirstRequest = 20 * time.Minute

// firstOverIPv6 is the same over IPv6, whose network is smaller.
const firstOverIPv6 = time.Hour

// diagnosePort judges by queries of others, as nothing else shows that a port is open. A query of a node that we have asked
// shows nothing: our own packet has opened the way for it.
func diagnosePort(s *snapshot.Snapshot) Finding {
	port := strconv.Itoa(int(s.Port()))
	f := Finding{Name: "port", Text: "UDP port " + port + " is reachable"}
	first := snapshot.Vantage{}
	if len(s.Nodes) > 0 {
		first = s.Nodes[0]
	}
	queried, young := queriesIn(s), s.At.Sub(s.Started) < FirstRequest
	switch {
	case s.Phase == snapshot.Offline && s.Outage.Kind != snapshot.NoHosts:
		f.Verdict, f.Text, f.Remedy = Waiting, "nobody can reach UDP port "+port+" without a network", "see network"
	case first.Mode == node.ModeReadOnly:
		f.Verdict, f.Text = Waiting, "read-only: this node answers nobody, so nobody queries it"
		f.Remedy = "omit --read-only to receive queries"
	case queried > 0 && first.Mode == node.ModeProving && (young || !isClosed(&first)):
		f.Verdict, f.Text = Waiting, "UDP port "+port+" is reachable; the node serves after 15 minutes of that"
		switch {
		case !first.LastStranger.IsZero():
		case young:
			f.Text = "no query of a stranger at UDP port " + port + " yet; the first can take twenty minutes"
		default:
			f.Text = "no query of a stranger at UDP port " + port + " yet; among so few nodes that says nothing"
		}
	case queried > 0 && !isClosed(&first):
	case young:
		f.Verdict, f.Text = Waiting, "no query at UDP port "+port+" yet; the first can take twenty minutes"
	default:
		f.Verdict, f.Text = Fail, "no query at UDP port "+port+" in "+human.Age(s.At.Sub(s.Started))
		if queried > 0 {
			f.Text = "only nodes that this one has asked reach UDP port " + port
		}
		f.closed(s, &first)
	}
	if way := s.Checkup.Way(first.Family); way.Tunnel && f.Cause == "" && f.Verdict == Waiting && first.Mode == node.ModeProving && first.LastStranger.IsZero() {
		f.Text += "; the way out is " + way.Device + ", a VPN, and most VPNs forward no port"
	}
	return f
}

// isClosed reports whether nobody has reached an identity but for those whom it had asked. A network in which it has asked
// everybody cannot show that, nor can an identity that never had to prove itself.
func isClosed(v *snapshot.Vantage) bool {
	return v.Mode == node.ModeProving && v.LastStranger.IsZero() && v.Good+v.Questionable >= enoughNodes
}

// closed says why nobody comes through to the port of an identity, and what to do.
func (f *Finding) closed(s *snapshot.Snapshot, v *snapshot.Vantage) {
	way, nat := s.Checkup.Way(v.Family), natOf(s, v.Family)
	switch {
	case nat != "" && !way.Tunnel:
		f.Cause, f.Remedy = nat, "see mapping; c crawls without an open port"
	case way.Tunnel:
		f.Cause = CauseVPN
		f.Text += ": the way out is " + way.Device + ", a VPN, which forwards no port"
		f.Remedy = "turn on port forwarding at the VPN's provider and pass that port with --port; c crawls without it"
	case v.Mapped.IsValid():
		f.Cause = CauseMapped
		f.Text += ", although the router forwards it"
		f.Remedy = "open the port in the firewall of this machine; if it is open, the provider blocks it or has a NAT of its own"
	default:
		f.Cause = CauseClosed
		f.Remedy = "forward the port in the router and open it in the firewall; c crawls without it"
		if !s.PortMap.On {
			f.Remedy = "forward the port in the router, or let --port-map auto ask it to, and open it in the firewall; c crawls without it"
		}
	}
}

// natOf is the NAT that is before the router of a family, as that says; "" for none.
func natOf(s *snapshot.Snapshot, family wire.Family) Cause {
	for i := range s.PortMap.Routers {
		if r := &s.PortMap.Routers[i]; r.Family == family {
			return mappingOf(s, r).Cause
		}
	}
	return ""
}

// diagnoseIPv6 judges the first identity of IPv6 beside one of IPv4. That it is firewalled is no failure while IPv4 is well.
func diagnoseIPv6(s *snapshot.Snapshot, v *snapshot.Vantage) Finding {
	f := Finding{Name: "ipv6", Text: "UDP port " + strconv.Itoa(int(v.Addr.Port())) + " is reachable over IPv6"}
	switch {
	case !v.LastStranger.IsZero() || v.Mode == node.ModeServing:
	case s.At.Sub(s.Started) < firstOverIPv6 || !isClosed(v):
		f.Verdict, f.Text = Waiting, "no query of a stranger over IPv6 yet; the first can take an hour"
	default:
		f.Verdict, f.Cause = Waiting, CauseIPv6
		f.Text = fmt.Sprintf("others reply over IPv6, but no stranger's query comes through to UDP port %d in %s: a firewall lets in replies alone",
			v.Addr.Port(), human.Age(s.At.Sub(s.Started)))
		f.Remedy = "open the port for IPv6 in the router's firewall and in that of this machine; there is nothing to forward"
	}
	return f
}

// overIPv6 is the first identity of IPv6 that is connected and answers others, nil for none or where it is the only family.
func overIPv6(s *snapshot.Snapshot) *snapshot.Vantage {
	for i := range s.Nodes {
		if v := &s.Nodes[i]; i > 0 && v.Family == wire.IPv6 && s.Nodes[0].Family == wire.IPv4 && v.Mode != node.ModeReadOnly && v.Good > 0 && !s.Demo {
			return v
		}
	}
	return nil
}

// queriesIn is the number of queries that others sent us.
func queriesIn(s *snapshot.Snapshot) (n uint64) {
	for _, m := range s.Traffic.Methods {
		n += m.In
	}
	return n
}
