package human

import "testing"

func TestTheNearestName(t *testing.T) {
	names := []string{"announce", "get", "port", "bootstrap", "no-ipv6", "for", "mask-ips"}
	for wrong, want := range map[string]string{
		"prot": "port", "annnounce": "announce", "ann": "announce", "fro": "for", "noipv6": "no-ipv6", "bootstraps": "bootstrap",
		"gte": "get", "fly": "", "x": "", "": "", "port2": "port", "PORT": "port", "mask": "mask-ips", "sort": "port", "elephant": "",
	} {
		if got := Nearest(wrong, names); got != want {
			t.Errorf("%q is near %q; want %q", wrong, got, want)
		}
	}
}
