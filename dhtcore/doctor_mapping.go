package dhtcore

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/portmap"
)

// diagnoseMapping judges what the routers say of our ports. The one of IPv4 decides: an IPv6 address is reached without a
// mapping too, where no firewall is in the way.
func diagnoseMapping(s *Snapshot) Finding {
	f := Finding{Name: "mapping", Text: "no port is to be mapped: all are on loopback, or this node answers nobody"}
	var texts []string
	for i := range s.PortMap.Routers {
		r := &s.PortMap.Routers[i]
		text, verdict, remedy := mappingOf(s, r)
		texts = append(texts, r.Family.String()+": "+text)
		if i == 0 {
			f.Verdict, f.Remedy = verdict, remedy
		}
	}
	if len(texts) > 0 {
		f.Text = strings.Join(texts, "; ")
	}
	return f
}

// mappingOf judges what one router says.
func mappingOf(s *Snapshot, r *PortMapRouter) (text string, verdict Verdict, remedy string) {
	proven := isProven(s, r.Family)
	switch r.Phase {
	case portmap.Searching:
		return "looking for a router that forwards ports", VerdictWaiting, ""
	case portmap.Needless:
		return "this machine has a public address: nothing is to be forwarded", VerdictOK, ""
	case portmap.None:
		if proven {
			return r.Why + "; the port is open without", VerdictOK, ""
		}
		return r.Why, VerdictWaiting, "turn on UPnP, NAT-PMP or PCP in the router, or forward UDP port " + fmt.Sprint(s.Port()) + " there by hand"
	}
	text = forwards(s, r)
	outer, seen := r.External, seenAs(s, r.Family)
	switch {
	case r.Family == IPv6:
	case portmap.OfCarrier(outer):
		text += ", which is an address of the provider's own network (carrier NAT)"
		verdict, remedy = VerdictFail, "ask the provider for a public address, use IPv6, or a VPN that forwards ports"
	case outer.IsPrivate():
		text += ", which is no public address (double NAT)"
		verdict, remedy = VerdictFail, "forward the port in the router before that one too, or make one of the two a bridge"
	case seen.IsValid() && outer.IsValid() && seen != outer:
		text += fmt.Sprintf(", but others see this node at %s", seen)
		verdict, remedy = VerdictFail, "there is a second NAT or a VPN on the way out: forward the port there, or pass --bind-device or --bind for the way that the router is on"
	}
	if proven {
		verdict, remedy = VerdictOK, ""
	}
	if verdict == VerdictOK && r.Why != "" {
		text, verdict = text+"; not all ports: "+r.Why, VerdictWaiting
	}
	return text, verdict, remedy
}

// forwards says what a router forwards: the first port, and how many others.
func forwards(s *Snapshot, r *PortMapRouter) string {
	var first *PortMapping
	count := 0
	for i := range s.PortMap.Mappings {
		if m := &s.PortMap.Mappings[i]; m.External.IsValid() && FamilyOf(m.Bound.Addr()) == r.Family {
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
func isProven(s *Snapshot, family Family) bool {
	return slices.ContainsFunc(s.Nodes, func(v Vantage) bool { return v.Family == family && v.Mode == ModeServing && len(v.Tallies) > 0 })
}

// seenAs is the address that others see us at, invalid while that is not settled.
func seenAs(s *Snapshot, family Family) netip.Addr {
	for i := range s.Nodes {
		if v := &s.Nodes[i]; v.Family == family && v.External.IsValid() {
			return v.External.Addr()
		}
	}
	return netip.Addr{}
}
