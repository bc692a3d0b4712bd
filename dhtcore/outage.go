package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// sendOutage is the outage behind an error of the system that refused to send.
func sendOutage(err error, v *vantage) Outage {
	cause := printable.String(human.Cause(err).Error())
	if away := v.device.Check(); away != nil {
		return deviceOutage(v.device.Name(), away)
	}
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		return Outage{Kind: SendRefused, Text: "a firewall of this machine refuses what is sent (" + cause + ")",
			Remedy: "let UDP out from port " + fmt.Sprint(v.Addr().Port())}
	case !v.Addr().Addr().IsUnspecified() && !v.isLocal(v.Addr().Addr()):
		return Outage{Kind: AddressGone, Text: "this machine no longer has the address that dhtop is bound to",
			Remedy: "restart with another --bind, or none"}
	}
	return Outage{Kind: NoRoute, Text: "no route over " + v.family.String() + " (" + cause + ")",
		Remedy: "check the cable, the Wi-Fi or the VPN"}
}

// deviceOutage is the outage in which the interface of --bind-device is away: nothing leaves by another one.
func deviceOutage(name string, away error) Outage {
	what := " is gone"
	if errors.Is(away, netbind.ErrDown) {
		what = " is down"
	}
	return Outage{Kind: DeviceGone, Text: "the network interface " + printable.String(name) + what + ", and nothing leaves by another one",
		Remedy: "connect the VPN again, or restart without --bind-device"}
}

// isLocal reports whether this machine has an address.
func isLocal(ip netip.Addr) bool {
	addrs, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(addrs, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && (prefix.Addr() == ip.WithZone("") || ip.IsLoopback() && prefix.Contains(ip))
	})
}

// localAddresses are those of this machine. The zero value has none and looks. mu guards it.
type localAddresses struct {
	mu     sync.Mutex
	looked time.Time
	addrs  map[netip.Addr]bool
}

// lookEvery is how long the addresses of this machine are taken to stay the same.
const lookEvery = time.Minute

// has reports whether this machine has an address.
func (l *localAddresses) has(ip netip.Addr) bool {
	if ip.IsLoopback() {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.looked) >= lookEvery {
		l.looked, l.addrs = now, make(map[netip.Addr]bool)
		found, _ := net.InterfaceAddrs() // without an answer there are none
		for _, a := range found {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				l.addrs[prefix.Addr()] = true
			}
		}
	}
	return l.addrs[ip.WithZone("")]
}

// silence is the outage in which none of the nodes asked replied.
func silence(asked int, family Family) Outage {
	who := "none of the " + human.Count(asked) + " nodes asked replies"
	if asked == 1 {
		who = "the one node asked does not reply"
	}
	return Outage{Kind: Silent, Text: who + " over " + family.String(),
		Remedy: "check that the network is up and lets UDP out: some offices, hotels and clouds block it"}
}

// otherFamilyError is the error of a bootstrap host without an address of the family that was asked for.
type otherFamilyError struct {
	host string
	has  Family
}

func (e *otherFamilyError) Error() string {
	return e.host + " has " + e.has.String() + " addresses only"
}

// resolveError is the error of a bootstrap host whose addresses cannot be found. It says why in a few words.
type resolveError struct {
	host string
	err  error
}

func (e *resolveError) Error() string {
	return "cannot resolve the bootstrap host " + e.host + " (" + e.reason() + ")"
}

func (e *resolveError) Unwrap() error { return e.err }

// reason is what went wrong, without the chain of calls that Go's errors list.
func (e *resolveError) reason() string {
	var dns *net.DNSError
	switch {
	case strings.Contains(e.err.Error(), netbind.ErrLocalDNS.Error()): // Go keeps the words alone
		return netbind.ErrLocalDNS.Error()
	case errors.As(e.err, &dns) && dns.IsNotFound:
		return "there is no such host"
	case errors.Is(e.err, context.DeadlineExceeded), errors.As(e.err, &dns) && dns.IsTimeout:
		return "the DNS server does not reply"
	}
	text := human.Cause(e.err).Error()
	if dns != nil {
		text = dns.Err
	}
	text = text[strings.LastIndex(text, ": ")+1:] // behind the names of calls and addresses
	switch text = strings.TrimSpace(text); text {
	case "server misbehaving":
		return "the DNS server fails"
	case "connection refused", "cannot assign requested address": // the resolver falls back to this machine
		return "there is no DNS server"
	}
	return printable.String(text)
}

// maxRefusal is how many bytes of what a host says are shown, so that there is room for the remedy.
const maxRefusal = 40

// hostError is what a bootstrap host makes of a query in place of a reply.
type hostError struct {
	host string
	err  error // *wire.Error, wire.ErrInvalid or node.OddReply
}

func (e *hostError) Error() string { return "the bootstrap host " + e.host + " " + e.said() }

// said is what it does, for behind its name.
func (e *hostError) said() string {
	if refusal, ok := errors.AsType[*wire.Error](e.err); ok {
		text := "answers with error " + fmt.Sprint(refusal.Code)
		if said := strings.TrimSpace(printable.Cut([]byte(refusal.Text), maxRefusal)); said != "" {
			text += " (" + said + ")"
		}
		return text
	}
	if odd, ok := errors.AsType[node.OddReply](e.err); ok {
		return "does not answer as a DHT node: " + odd.Error()
	}
	return "does not answer as a DHT node: its replies lack its ID, or are broken"
}

func (e *hostError) Unwrap() error { return e.err }

// outage is that of a node whose bootstrap hosts answer so.
func (e *hostError) outage(hosts int) Outage {
	remedy := "check its address and port, or pass another --bootstrap HOST:PORT"
	if _, ok := errors.AsType[*wire.Error](e.err); ok {
		remedy = "wait until it recovers, or pass another --bootstrap HOST:PORT"
	}
	text := e.Error()
	if hosts > 1 {
		text = "no bootstrap host of " + human.Count(hosts) + " lets this node in; " + text
	}
	return Outage{Kind: Misanswered, Text: printable.String(text), Remedy: remedy}
}

// joinOutage is the outage behind an attempt to join that found nobody: hosts is how many bootstrap hosts there
// are, failed are the errors of those that could not be asked, and asked is how many nodes were asked in vain.
func joinOutage(hosts, asked int, failed []error, v *vantage) Outage {
	var unresolved *resolveError
	var other *otherFamilyError
	var unsent *node.SendError
	var odd *hostError
	names := 0 // that cannot be resolved
	for _, err := range failed {
		if errors.As(err, &unresolved) {
			names++
		}
		errors.As(err, &other)
		errors.As(err, &unsent)
		errors.As(err, &odd)
	}
	if away := v.device.Check(); away != nil {
		return deviceOutage(v.device.Name(), away)
	}
	switch {
	case odd != nil:
		return odd.outage(hosts)
	case unsent != nil && asked == 0:
		return sendOutage(unsent, v)
	case asked > 0:
		return silence(asked, v.family)
	case hosts == 0:
		return Outage{Kind: NoHosts, Text: "there are no bootstrap hosts", Remedy: "pass --bootstrap HOST:PORT, or omit it to use the default hosts"}
	case unresolved != nil:
		text := unresolved.Error()
		if names > 1 && names == hosts {
			text = "cannot resolve any of " + human.Count(hosts) + " bootstrap hosts (" + unresolved.reason() + ")"
		}
		return Outage{Kind: NoDNS, Text: printable.String(text), Remedy: "check the network and DNS, or pass --bootstrap IP:PORT"}
	case other != nil:
		text := "the bootstrap host " + other.Error()
		if hosts > 1 {
			text = "all bootstrap hosts have " + other.has.String() + " addresses only"
		}
		remedy := "pass a --bootstrap with an " + v.family.String() + " address"
		if other.has == IPv6 {
			remedy += ", or omit --no-ipv6"
		}
		return Outage{Kind: OtherFamily, Text: printable.String(text), Remedy: remedy}
	}
	return silence(max(asked, 1), v.family)
}
