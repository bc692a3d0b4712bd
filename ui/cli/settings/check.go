package settings

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

func (s *Settings) setBind(list []string) error {
	families := map[bool]string{}
	for _, text := range list {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("--bind %q is not an IP address", text)
		}
		a = a.Unmap()
		if other := families[a.Is6()]; other != "" {
			return fmt.Errorf("--bind %s and %s belong to one address family: "+
				"pass at most one IPv4 and one IPv6 address", other, text)
		}
		families[a.Is6()] = text
		s.Explorer.Bind = append(s.Explorer.Bind, a)
	}
	return nil
}

// setBootstrap leaves nil for the well-known hosts, and no element for none.
func (s *Settings) setBootstrap(list []string) error {
	if len(list) == 0 {
		return nil
	}
	if slices.Contains(list, "none") {
		if len(list) > 1 {
			return errors.New("--bootstrap none excludes other hosts: pass one or the other")
		}
		s.Explorer.Bootstrap = []string{}
		return nil
	}
	for _, host := range list {
		if err := dhtcore.CheckBootstrap(host); err != nil {
			return err
		}
	}
	s.Explorer.Bootstrap = list
	return nil
}

func (s *Settings) setVantages(n int) error {
	if n < 1 {
		return fmt.Errorf("--vantages %d: want 1 to %d", n, dhtcore.MaxVantages)
	}
	s.Explorer.Vantages = n
	return nil
}

func (s *Settings) setPublicIP(text string) error {
	if text == "" {
		return nil
	}
	ip, err := netip.ParseAddr(text)
	if ip = ip.Unmap(); err != nil || ip.Zone() != "" || !dhtcore.Routable(ip) {
		return fmt.Errorf("--public-ip %q is not a public IP address", text)
	}
	s.Explorer.PublicIP = ip
	return nil
}

func (s *Settings) setDemoNet(text string) error {
	if text == "" {
		return nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return fmt.Errorf("--demo-net %q: want a network such as 10.77.0.0/16", text)
	}
	if err := dhtcore.CheckDemoNet(p); err != nil {
		return fmt.Errorf("--demo-net %w", err)
	}
	s.Network.Net = p.Masked()
	return nil
}

func (s *Settings) setFaults(list []string) error {
	for _, text := range list {
		f, err := dhtcore.ParseFault(text)
		if err != nil {
			return fmt.Errorf("--%w", err)
		}
		s.Network.Faults = append(s.Network.Faults, f)
	}
	return nil
}

// maxLimit is more than any socket carries.
const maxLimit = 1e9

// limit returns a set for one of the Limits.
func limit(name string, of func(*dhtcore.Limits) *float64) func(*Settings, any) error {
	return with(func(s *Settings, n float64) error {
		if !(n >= 0 && n <= maxLimit) { // NaN is neither
			return fmt.Errorf("--%s %v: want a number up to %.0e, or 0 for no limit", name, n, maxLimit)
		}
		*of(&s.Explorer.Limits) = n
		return nil
	})
}

func (s *Settings) setMaxHashes(n int) error {
	if n < 0 {
		return fmt.Errorf("--max-hashes %d: want a positive number, or 0 for all", n)
	}
	s.Explorer.MaxHashes = n
	return nil
}

// maxNames is how many hashes can have their names fetched unasked.
const maxNames = dhtcore.MaxHashes

// noNames is the value of --names that fetches none, in the demo too.
const noNames = "none"

func (s *Settings) setNames(text string) error {
	if text == "" || text == noNames {
		return nil
	}
	digits, ok := strings.CutPrefix(text, "top:")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || n > maxNames {
		return fmt.Errorf("--names %q: want top:N with N from 1 to %d, or none", text, maxNames)
	}
	s.Explorer.Names = n
	return nil
}

func (s *Settings) setTheme(name string) error {
	s.Theme = name
	_, err := theme.Pick(name, os.Getenv)
	return err
}

func (s *Settings) setFor(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("--for %s: want a positive duration, or 0 to run until interrupted", d)
	}
	s.For = d
	return nil
}

// The values of --port-map.
const (
	portMapAuto = "auto"
	portMapOff  = "off"
)

func (s *Settings) setPortMap(word string) error {
	switch word {
	case portMapAuto, portMapOff:
		s.Explorer.PortMap = word == portMapAuto
		return nil
	}
	return fmt.Errorf("--port-map %q: want %s or %s", word, portMapAuto, portMapOff)
}
