package dhtcore

import (
	"errors"
	"testing"
)

func TestABootstrapHostHasANameAndAPort(t *testing.T) {
	for host, good := range map[string]bool{
		"dht.example.org:6881": true, "192.0.2.1:1": true, "[2001:db8::1]:65535": true,
		"": false, "dht.example.org": false, ":6881": false, "dht.example.org:": false, "dht.example.org:65536": false, "2001:db8::1:1": false,
	} {
		if err := CheckBootstrap(host); (err == nil) != good {
			t.Errorf("%q: %v", host, err)
		}
	}
	for _, host := range DefaultBootstrap {
		if err := CheckBootstrap(host); err != nil {
			t.Error(err)
		}
	}
}

func TestAnAddressIsItsOwnHostInItsFamilyAlone(t *testing.T) {
	for _, c := range []struct {
		host   string
		family Family
		want   string // "" for none
	}{
		{"192.0.2.1:6881", IPv4, "192.0.2.1:6881"}, {"192.0.2.1:6881", IPv6, ""},
		{"[2001:db8::1]:6881", IPv6, "[2001:db8::1]:6881"}, {"[2001:db8::1]:6881", IPv4, ""},
		{"[::ffff:192.0.2.1]:6881", IPv4, "192.0.2.1:6881"}, {"[::ffff:192.0.2.1]:6881", IPv6, ""},
	} {
		addrs, err := resolve(t.Context(), c.host, c.family)
		var other *otherFamilyError
		if errors.As(err, &other) != (c.want == "") || (err == nil) != (c.want != "") ||
			len(addrs) > 1 || (len(addrs) == 1) != (c.want != "") || len(addrs) == 1 && addrs[0].String() != c.want {
			t.Errorf("%s, %v: %v, %v; want %q", c.host, c.family, addrs, err, c.want)
		}
	}
	if _, err := resolve(t.Context(), "192.0.2.1:99999", IPv4); err == nil {
		t.Error("a port that there is not was taken")
	}
}
