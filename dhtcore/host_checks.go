package dhtcore

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"dhtop/dhtcore/printable"
)

// HostCheck is what became of the last query to a bootstrap host over one address family.
type HostCheck struct {
	Host   string // host:port as configured
	Family Family
	Found  int            // addresses of the family that its name has; 0 when it could not be resolved
	Addr   netip.AddrPort // that replied; invalid when none did
	RTT    time.Duration  // of the reply
	Err    string         // why it is of no use, printable; "" when it replied
	DNS    bool           // its name could not be resolved
	At     time.Time
}

// OK reports whether the host replied.
func (c *HostCheck) OK() bool { return c.Err == "" }

// WrongFamily reports whether the host has addresses of the other family alone.
func (c *HostCheck) WrongFamily() bool { return c.Found == 0 && !c.DNS }

// hostChecks are the last checks, one a host and family. Its lock guards them. The zero value has none.
type hostChecks struct {
	mu   sync.Mutex
	all  []HostCheck
	open []HostCheck // that have no result yet; none is Found while the name is being resolved
}

// begin notes that a host is being asked, or resolved.
func (h *hostChecks) begin(c HostCheck) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = replaceCheck(h.open, c)
}

// put replaces the last check of the same host and family.
func (h *hostChecks) put(c HostCheck) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = slices.DeleteFunc(h.open, c.isAbout)
	if _, err := netip.ParseAddrPort(c.Host); c.WrongFamily() && err == nil {
		return // the address of one family is none of the other
	}
	h.all = replaceCheck(h.all, c)
}

// forgetFailed drops the checks of a family that failed: an outage that is over may be why.
func (h *hostChecks) forgetFailed(family Family) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = slices.DeleteFunc(h.all, func(c HostCheck) bool { return c.Family == family && !c.OK() })
}

// isAbout reports whether two checks are of the same host and family.
func (c *HostCheck) isAbout(o HostCheck) bool { return o.Host == c.Host && o.Family == c.Family }

// replaceCheck puts c in the place of the check of the same host and family, or adds it.
func replaceCheck(all []HostCheck, c HostCheck) []HostCheck {
	if i := slices.IndexFunc(all, c.isAbout); i >= 0 {
		all[i] = c
		return all
	}
	return append(all, c)
}

// pending returns the checks that have no result yet.
func (h *hostChecks) pending() []HostCheck {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.open)
}

// list returns the checks by host, IPv4 first.
func (h *hostChecks) list() []HostCheck {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := slices.Clone(h.all)
	slices.SortFunc(all, func(a, b HostCheck) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), cmp.Compare(a.Family, b.Family))
	})
	return all
}

// failed notes why a host is of no use.
func (c *HostCheck) failed(err error) {
	var unresolved *resolveError
	var other *otherFamilyError
	var odd *hostError
	switch {
	case errors.As(err, &unresolved):
		c.DNS, c.Err = true, "cannot be resolved: "+unresolved.reason()
	case errors.As(err, &other):
		c.Err = "has no " + c.Family.String() + " address"
	case errors.As(err, &odd):
		c.Err = printable.String(odd.said())
	default:
		c.Err = printable.String(err.Error())
	}
}
