package input

import (
	"strings"
	"testing"
)

// The key and the targets of the test vectors of BEP 46.
const (
	vectorKey    = "8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e"
	vectorName   = "oib783otmh83t1kry77rjr6h4ib6j8duu9c3oiekd7owic5q4a9y" // the key in z-base-32
	vectorTarget = "cc3f9d90b572172053626f9980ce261a850d050b"
	saltedTarget = "59ee7c2cb9b4f7eb1986ee2d18fd2fdb8a56554f" // salt "n"
)

func TestWhereAnItemIs(t *testing.T) {
	for _, c := range []struct{ arg, salt, target, effective string }{
		{vectorTarget, "", vectorTarget, ""},
		{"pk:" + vectorName, "", vectorTarget, ""},
		{"https://www." + vectorName + "/", "n", saltedTarget, "n"},
		{saltedTarget, "n", saltedTarget, "n"},
		{vectorKey, "", vectorTarget, ""},
		{vectorKey, "n", saltedTarget, "n"},
		{"magnet:?xs=urn:btpk:" + vectorKey, "", vectorTarget, ""},
		{"magnet:?xs=urn:btpk:" + vectorKey + "&s=6e", "", saltedTarget, "n"},
		{" 0x" + vectorTarget + "\n", "", vectorTarget, ""},
		{"urn:btpk:" + vectorKey, "n", saltedTarget, "n"},
		{"MAGNET:?XS=URN:BTPK:" + strings.ToUpper(vectorKey) + "&S=6E", "", saltedTarget, "n"},
		{"magnet:?dn=C# course&xs.1=http://x.example/&xs.2=urn:btpk:" + vectorKey + "&s.2=6e", "", saltedTarget, "n"},
		{"magnet:?s=6e&dn=x&xs=urn:btpk:" + vectorKey, "n", saltedTarget, "n"},
	} {
		target, salt, err := ParseTarget(c.arg, c.salt)
		if err != nil || target.String() != c.target || string(salt) != c.effective {
			t.Errorf("%s, salt %q: %s, %q, %v", c.arg, c.salt, target, salt, err)
		}
	}
}
