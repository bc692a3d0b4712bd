package dhtcore

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"dhtop/dhtcore/printable"
)

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
	h.open = slices.DeleteFunc(h.open, isAbout(&c))
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

// isAbout returns what reports whether another check is of the same host and family.
func isAbout(c *HostCheck) func(HostCheck) bool {
	return func(o HostCheck) bool { return o.Host == c.Host && o.Family == c.Family }
}

// replaceCheck puts c in the place of the check of the same host and family, or adds it.
func replaceCheck(all []HostCheck, c HostCheck) []HostCheck {
	if i := slices.IndexFunc(all, isAbout(&c)); i >= 0 {
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

// noteFailure notes in a check why the host is of no use.
func noteFailure(c *HostCheck, err error) {
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
