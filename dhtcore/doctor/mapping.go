package doctor

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// diagnoseMapping judges what the routers say of our ports. The one of IPv4 decides: an IPv6 address is reached without a
// mapping too, where no firewall is in the way.
func diagnoseMapping(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "mapping", Text: "no port is to be mapped: all are on loopback, or this node answers nobody"}
	var texts []string
	for i := range s.PortMap.Routers {
		r := &s.PortMap.Routers[i]
		of := mappingOf(s, r)
		texts = append(texts, r.Family.String()+": "+of.Text)
		if i == 0 {
			f.Verdict, f.Cause, f.Remedy = of.Verdict, of.Cause, of.Remedy
		}
	}
	if len(texts) > 0 {
		f.Text = strings.Join(texts, "; ")
	}
	return f
}

// mappingOf judges what one router says.
func mappingOf(s *snapshot.Snapshot, r *portmap.Router) (f Finding) {
	proven := isProven(s, r.Family)
	switch r.Phase {
	case portmap.Searching:
		return Finding{Verdict: Waiting, Text: "looking for a router that forwards ports"}
	case portmap.Needless:
		return Finding{Text: "this machine has a public address: nothing is to be forwarded"}
	case portmap.None:
		if proven {
			return Finding{Text: r.Why + "; the port is open without"}
		}
		if r.Private && s.Traffic.RepliesIn > 0 {
			return Finding{Verdict: Fail, Cause: CauseNoPublicIP,
				Text:   r.Why + ", so it forwards nothing: there is another router before it, or the provider shares one address among customers",
				Remedy: "look up the router's Internet address in its menu: if it begins with 100., ask the provider for a public one; else forward UDP port " + fmt.Sprint(s.Port()) + " in the router before it, too"}
		}
		return Finding{Verdict: Waiting, Text: r.Why,
			Remedy: "turn on UPnP, NAT-PMP or PCP in the router, or forward UDP port " + fmt.Sprint(s.Port()) + " there by hand"}
	}
	f.Text = forwards(s, r)
	outer, seen := r.External, seenAs(s, r.Family)
	switch {
	case r.Family == wire.IPv6:
	case portmap.OfCarrier(outer):
		f.Text += ", which is an address of the provider's own network (carrier NAT)"
		f.Verdict, f.Cause, f.Remedy = Fail, CauseCarrierNAT, "ask the provider for a public address, use IPv6, or a VPN that forwards ports"
	case outer.IsPrivate():
		f.Text += ", which is no public address (double NAT)"
		f.Verdict, f.Cause, f.Remedy = Fail, CauseDoubleNAT, "forward the port in the router before that one too, or make one of the two a bridge"
	case seen.IsValid() && outer.IsValid() && seen != outer:
		f.Text += fmt.Sprintf(", but others see this node at %s", seen)
		f.Verdict, f.Cause = Fail, CauseOtherWayOut
		f.Remedy = "there is a second NAT or a VPN on the way out: forward the port there, or pass --bind-device or --bind for the way that the router is on"
		if way := s.Checkup.Way(r.Family); way.Tunnel {
			f.Text += ", by " + way.Device + ", a VPN"
			f.Cause, f.Remedy = CauseVPN, "turn on port forwarding at the VPN's provider and pass that port with --port, or pass --bind-device for the way that the router is on"
		}
	default:
		f.taken(s)
	}
	if proven {
		f.Verdict, f.Cause, f.Remedy = OK, "", ""
	}
	if f.Verdict == OK && r.Why != "" {
		f.Text, f.Verdict = f.Text+"; not all ports: "+r.Why, Waiting
	}
	return f
}

// taken says that the router forwards another port than the one that others see us at, as that is another machine's.
func (f *Finding) taken(s *snapshot.Snapshot) {
	if len(s.Nodes) == 0 {
		return
	}
	first := &s.Nodes[0]
	port, mapped := first.Addr.Port(), first.Mapped.Port()
	if !first.Mapped.IsValid() || mapped == port || first.External.Port() != port {
		return
	}
	f.Text += fmt.Sprintf(", but others see this node at port %d, which another machine has in the router", port)
	f.Verdict, f.Cause, f.Remedy = Fail, CausePortTaken, fmt.Sprintf("pass --port %d, so that both are the same", mapped)
}

// forwards says what a router forwards: the first port, and how many others.
func forwards(s *snapshot.Snapshot, r *portmap.Router) string {
	var first *portmap.Mapping
	count := 0
	for i := range s.PortMap.Mappings {
		if m := &s.PortMap.Mappings[i]; m.External.IsValid() && wire.FamilyOf(m.Bound.Addr()) == r.Family {
			if count++; first == nil {
				first = m
			}
		}
	}
	if first == nil {
		return "the router forwards nothing any longer"
	}
	who := "the router"
	if r.Gateway.IsValid() {
		who += " " + r.Gateway.String()
	}
	text := fmt.Sprintf("%s forwards %s %s by %s", who, first.Transport, first.External, r.Protocol)
	if count > 1 {
		text += " and " + human.Amount(count-1, "other port", "other ports")
	}
	return text
}

// isProven reports whether others have shown that they reach an identity of a family.
func isProven(s *snapshot.Snapshot, family wire.Family) bool {
	return slices.ContainsFunc(s.Nodes, func(v snapshot.Vantage) bool {
		return v.Family == family && v.Mode == node.ModeServing && len(v.Tallies) > 0
	})
}

// seenAs is the address that others see us at, invalid while that is not settled.
func seenAs(s *snapshot.Snapshot, family wire.Family) netip.Addr {
	for i := range s.Nodes {
		if v := &s.Nodes[i]; v.Family == family && v.External.IsValid() {
			return v.External.Addr()
		}
	}
	return netip.Addr{}
}
