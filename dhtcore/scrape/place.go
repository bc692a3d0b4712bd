package scrape

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// place is where a tracker is asked.
type place struct{ *url.URL }

// txtPatience is how long the DNS may take to say how a host wants its tracker to be reached: most say nothing, and
// the tracker can be asked without.
const txtPatience = 3 * time.Second

// maxPlaces bounds how many ports of one host are tried.
const maxPlaces = 4

// errDenied is the error of a host that says in the DNS that it has no tracker.
var errDenied = errors.New("its host says in the DNS that no tracker runs there (BEP 34): remove it from the torrent")

// places remembers what hosts say in the DNS. Its lock guards it.
type places struct {
	mu   sync.Mutex
	said map[string]preferences
}

// preferences are how a host wants its tracker to be reached: BEP 34.
type preferences struct {
	told  bool // it has said something; without ports, that it has no tracker
	ports []port
}

// port is one of the words of a record, such as UDP:80.
type port struct {
	udp    bool
	number uint16
}

// of returns where to ask a tracker, in order.
func (p *places) of(ctx context.Context, r Resolver, u *url.URL) ([]place, error) {
	said := p.preferences(ctx, r, u.Hostname())
	if !said.told {
		return []place{{u}}, nil
	}
	if len(said.ports) == 0 {
		return nil, errDenied
	}
	var list []place
	for _, at := range said.ports {
		switch {
		case len(list) == maxPlaces:
		case at.udp && !isSecret(u):
			list = append(list, place{withPort(u, "udp", at.number)})
		case !at.udp && u.Scheme == "udp":
			list = append(list, place{withAnnounce(withPort(u, "http", at.number))})
		case !at.udp && u.Scheme == "http":
			list = append(list, place{withPort(u, "http", at.number)})
		}
	}
	if len(list) == 0 { // nothing that this URL could be changed to
		list = []place{{u}}
	}
	return list, nil
}

// isSecret reports whether a URL says more than a packet of BEP 15 could take along, such as a key in its path, or
// is encrypted. Such a tracker is asked as its URL says.
func isSecret(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && (u.RawQuery != "" || u.Path != "/announce" && u.Path != "/" && u.Path != "")
}

// withAnnounce gives a URL the usual path, if it has none.
func withAnnounce(u *url.URL) *url.URL {
	if u.Path == "" || u.Path == "/" {
		u.Path, u.RawPath = "/announce", ""
	}
	return u
}

// preferences returns what a host says; nothing for an address and for this machine, which have no records.
func (p *places) preferences(ctx context.Context, r Resolver, host string) preferences {
	if _, err := netip.ParseAddr(host); err == nil || isLoopback(host) {
		return preferences{}
	}
	host = strings.ToLower(host)
	p.mu.Lock()
	said, known := p.said[host]
	p.mu.Unlock()
	if known {
		return said
	}
	asking, cancel := context.WithTimeout(ctx, txtPatience)
	defer cancel()
	name := host
	if strings.Contains(host, ".") {
		name = strings.TrimSuffix(host, ".") + "." // below no search domain
	}
	records, err := r.LookupTXT(asking, name)
	if err == nil {
		said = parsePreferences(records)
	}
	if ctx.Err() == nil { // an error counts as silence
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.said == nil {
			p.said = map[string]preferences{}
		}
		p.said[host] = said
	}
	return said
}

// parsePreferences reads the TXT records of a host. Words that BEP 34 does not know are for later ones.
func parsePreferences(records []string) (p preferences) {
	for _, record := range records {
		words := strings.Fields(record)
		if len(words) == 0 || words[0] != "BITTORRENT" {
			continue
		}
		p.told = true
		for _, word := range words[1:] {
			protocol, digits, _ := strings.Cut(word, ":")
			number, err := strconv.ParseUint(digits, 10, 16)
			if err == nil && number > 0 && (protocol == "UDP" || protocol == "TCP") {
				p.ports = append(p.ports, port{protocol == "UDP", uint16(number)})
			}
		}
		return p // there is one
	}
	return p
}
