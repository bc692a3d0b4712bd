package attach

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/api"
)

// hostAddress is an address of a host in a text.
var hostAddress = regexp.MustCompile(`\b\d+\.\d+\.\d+\.[1-9]\d*\b|\[[0-9a-f:]+\]:\d+`)

// told lists the addresses of hosts, the ports and the places of a text in a value.
func told(v reflect.Value, path, own string, found map[string]string) {
	switch x := v.Interface().(type) {
	case netip.Addr:
		if x.IsValid() && x.As16()[15] != 0 {
			found[path] = x.String()
		}
		return
	case netip.AddrPort:
		if x.Addr().IsValid() && x.Addr().As16()[15] != 0 || x.Port() != 0 {
			found[path] = x.String()
		}
		return
	case error:
		told(reflect.ValueOf(x.Error()), path, own, found)
		return
	case string:
		if a := hostAddress.FindString(x); a != "" || strings.Contains(x, own) {
			found[path] = x
		}
		return
	case dhtcore.ID:
		if x.String() == own {
			found[path] = own
		}
		return
	case []byte:
		if b := fmt.Sprintf("%x", x); strings.Contains(b, own) || strings.Contains(b, "7f0000") {
			found[path] = b
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			told(v.Elem(), path, own, found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			told(v.Index(i), path+"[]", own, found)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			told(each.Key(), path+" key", own, found)
			told(each.Value(), path+" value", own, found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type.PkgPath() != "time" {
				told(v.Field(i), path+"."+f.Name, own, found)
			}
		}
	}
}

func TestAMaskedNodeTellsNoAddressAndNotItsID(t *testing.T) {
	t.Parallel()
	e, server, _ := node(t, lively(), api.Config{Addr: socketIn(t), Mask: true})
	_, core := attached(t, server.URL(), Config{})
	s := joined(t, &core)
	own := e.Snapshot().Nodes[0].ID.String()
	core.WatchPackets(true, nil)               //nolint:errcheck // it comes late
	core.WatchHash(s.Hashes.Top[0].InfoHash)   //nolint:errcheck // as above
	core.StartLookup(s.Hashes.Top[0].InfoHash) //nolint:errcheck // seen below
	c := s.Nodes[0].Contacts[0]
	if err := core.StartPing(c.Addr, c.ID, 1); err != nil {
		t.Errorf("a node that is shown by its network: %v", err)
	}
	eventually(t, "all of it", func() bool {
		s = core.Snapshot()
		return s.Detail != nil && len(s.Packets.Log) > 20 && s.Pings != nil && s.Pings.Sent > 0 && len(s.Lookups) > 0 && len(s.Lookups[0].Steps) > 3 &&
			len(s.Detail.Sources) > 0
	})
	past, _, err := core.Past.At(s.At)
	if err != nil || past == nil {
		t.Fatalf("no past: %v", err)
	}
	for what, s := range map[string]*dhtcore.Snapshot{"now": s, "the past": past} {
		found := map[string]string{}
		told(reflect.ValueOf(s).Elem(), what, own, found)
		for path, text := range found {
			t.Errorf("%s tells %s", path, text)
		}
	}
	if s.Nodes[0].Contacts[0].Addr.Addr() != netip.MustParseAddr("127.0.0.0") && s.Nodes[0].Contacts[0].Addr.Addr().As16()[15] != 0 {
		t.Errorf("a contact is at %s", s.Nodes[0].Contacts[0].Addr)
	}
}
