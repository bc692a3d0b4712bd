package netbind

import (
	"errors"
	"net/http"
	"net/netip"
	"testing"
)

func TestAProxyOfThisMachineIsNotUsedByAnInterface(t *testing.T) {
	// http.ProxyFromEnvironment reads the environment once a process: no other test here may ask it.
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:3128")
	r, err := http.NewRequest(http.MethodGet, "http://192.0.2.1/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if proxy, err := (&Device{"vpn0"}).Proxy(r); !errors.Is(err, ErrLocalProxy) {
		t.Errorf("by an interface: %v, %v", proxy, err)
	}
	if proxy, err := (*Device)(nil).Proxy(r); err != nil || proxy == nil {
		t.Errorf("by any: %v, %v", proxy, err)
	}
}

func TestAddressesToListenOnAreRead(t *testing.T) {
	for hostport, want := range map[string]netip.AddrPort{
		":6969":              netip.AddrPortFrom(netip.Addr{}, 6969),
		"0.0.0.0:6969":       netip.MustParseAddrPort("0.0.0.0:6969"),
		"[::]:0":             netip.MustParseAddrPort("[::]:0"),
		"[::ffff:a01:203]:1": netip.MustParseAddrPort("10.1.2.3:1"),
	} {
		if got, err := (*Device)(nil).ListenAddr(t.Context(), hostport); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", hostport, got, err, want)
		}
	}
	for _, wrong := range []string{"6969", "a:b", ":70000"} {
		if got, err := (*Device)(nil).ListenAddr(t.Context(), wrong); err == nil {
			t.Errorf("%s: %s", wrong, got)
		}
	}
}
