package node_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// The test vectors in the text of BEP 44.
const (
	helloWorld = "12:Hello World!"
	vectorKey  = "77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548"
	plainSig   = "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01"
	saltedSig  = "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17ddf9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08"
)

var bep44Vectors = []struct{ name, args, target string }{
	{"mutable", "1:k" + field(vectorKey) + "3:seqi1e3:sig" + field(plainSig), "4a533d47ec9c7d95b1ad75f576cffc641853b750"},
	{"mutable with salt", "1:k" + field(vectorKey) + "4:salt6:foobar3:seqi1e3:sig" + field(saltedSig), "411eba73b6f087ca51a3795d9c8c938d365e32c1"},
	{"immutable", "", "e5f96f6f38320f0f33959cb4d3d656452117aadb"},
}

func field(digits string) string { return bstr(raw(digits)) }

func raw(digits string) string {
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// write asks for a token and puts v with args before it.
func (r *rig) write(args, v string) krpc.Msg {
	r.t.Helper()
	token := *r.ask(query("get", target(someHash))).R.Token
	return r.ask(query("put", args+"5:token"+bstr(token)+"1:v"+v))
}

// read asks for what is stored at the target of 40 hexadecimal digits.
func (r *rig) read(digits, args string) *krpc.Return {
	r.t.Helper()
	return r.ask(query("get", args+"6:target"+field(digits))).R
}

func TestTheItemsOfBEP44AreStoredAtTheirTargets(t *testing.T) {
	for _, v := range bep44Vectors {
		onAir(t, node.Config{}, func(r *rig) {
			r.meet(20)
			if before := r.read(v.target, ""); before.Token == nil || len(before.Nodes) != 8 || before.V != nil || before.Seq != nil {
				t.Errorf("%s: before the put: %+v", v.name, before)
			}
			if m := r.write(v.args, helloWorld); m.Y != "r" || m.R.Token != nil || len(m.R.Nodes) != 0 {
				t.Errorf("%s: put: %+v %v", v.name, m.R, m.Error())
			}
			got := r.read(v.target, "")
			if string(got.V) != helloWorld || got.Token == nil || len(got.Nodes) != 8 {
				t.Errorf("%s: got %+v", v.name, got)
			}
			if v.name == "immutable" {
				if got.Seq != nil || got.K != [32]byte{} || got.Sig != [64]byte{} {
					t.Errorf("got %+v", got.Bep44Return)
				}
				return
			}
			if got.Seq == nil || *got.Seq != 1 || string(got.K[:]) != raw(vectorKey) || !contains(v.args, string(got.Sig[:])) {
				t.Errorf("%s: got %+v", v.name, got.Bep44Return)
			}
		})
	}
}

func TestTheValueKeepsItsExactBytes(t *testing.T) {
	const odd = "d0:i-7e2:aa0:1:\xffli99999999999999999999999eee"
	onAir(t, node.Config{}, func(r *rig) {
		if e := r.write("", odd).Error(); e != nil {
			t.Fatal(e)
		}
		it := wire.Item{Value: []byte(odd)}
		r.send(query("get", target(it.Target())))
		if got := r.receive(); !strings.Contains(got, "1:v"+odd+"e1:t") {
			t.Errorf("got %q", got)
		}
	})
}

// Other nodes decode a value and encode it again (libtorrent#2118).
func TestAValueThatIsNotCanonicalBencodeIsRefused(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for _, v := range []string{"i03e", "i-0e", "03:abc", "d1:bi1e1:ai2ee", "d1:ai1e1:ai2ee", "di1ei2ee", "l01:xe"} {
			if e := r.write("", v).Error(); e == nil || e.Code != 203 {
				t.Errorf("%s: %v", v, e)
			}
			it := wire.Item{Value: []byte(v)}
			if got := r.read(it.Target().String(), ""); got.V != nil {
				t.Errorf("%s is stored: %q", v, got.V)
			}
			signed := signed(v, 1)
			if e := r.write(mutable(signed), v).Error(); e == nil || e.Code != 203 {
				t.Errorf("%s of a key: %v", v, e)
			}
		}
	})
}

func TestASequenceNumberThatIsNoNewsComesAlone(t *testing.T) {
	v := bep44Vectors[0]
	onAir(t, node.Config{}, func(r *rig) {
		r.write(v.args, helloWorld)
		for asked, whole := range map[int]bool{-1: true, 0: true, 1: false, 2: false} {
			got := r.read(v.target, fmt.Sprintf("3:seqi%de", asked))
			if got.Seq == nil || *got.Seq != 1 || got.Token == nil {
				t.Errorf("newer than %d: %+v", asked, got)
			}
			if (got.V != nil) != whole || (got.K != [32]byte{}) != whole || (got.Sig != [64]byte{}) != whole {
				t.Errorf("newer than %d: %+v", asked, got.Bep44Return)
			}
		}
		r.write("", helloWorld)
		if got := r.read(bep44Vectors[2].target, "3:seqi9e"); string(got.V) != helloWorld {
			t.Errorf("an immutable item: %+v", got.Bep44Return)
		}
	})
}

func TestAPutGetsTheErrorThatItDeserves(t *testing.T) {
	key, seq, sig := "1:k"+field(vectorKey), "3:seqi1e", "3:sig"+field(plainSig)
	onAir(t, node.Config{}, func(r *rig) {
		for _, c := range []struct {
			name, args, v string
			code          int
		}{
			{"1,000 bytes", "", "996:" + strings.Repeat("x", 996), 0},
			{"1,001 bytes", "", "997:" + strings.Repeat("x", 997), 205},
			{"a mutable one of 1,001 bytes", key + seq + sig, "997:" + strings.Repeat("x", 997), 205},
			{"a salt of 65 bytes", key + "4:salt" + bstr(strings.Repeat("s", 65)) + seq + sig, helloWorld, 207},
			{"another value", key + seq + sig, "12:Hello World?", 206},
			{"another sequence number", key + "3:seqi2e" + sig, helloWorld, 206},
			{"another salt", key + "4:salt3:foo" + seq + sig, helloWorld, 206},
			{"an empty salt", key + "4:salt0:" + seq + sig, helloWorld, 0},
			{"no signature", key + seq, helloWorld, 206},
			{"no sequence number", key + sig, helloWorld, 203},
			{"a negative sequence number", key + "3:seqi-1e" + sig, helloWorld, 203},
			{"a key of 31 bytes", "1:k31:" + strings.Repeat("k", 31) + seq + sig, helloWorld, 203},
			{"a signature that is a number", key + seq + "3:sigi1e", helloWorld, 203},
		} {
			if e := r.write(c.args, c.v).Error(); (e == nil) != (c.code == 0) || e != nil && e.Code != c.code {
				t.Errorf("%s: %v, want code %d", c.name, e, c.code)
			}
		}
		token := *r.ask(query("get", target(someHash))).R.Token
		for name, args := range map[string]string{"no value": "5:token" + bstr(token), "no token": "1:v" + helloWorld, "a wrong token": "5:token8:xxxxxxxx1:v" + helloWorld} {
			if e := r.ask(query("put", args)).Error(); e == nil || e.Code != 203 {
				t.Errorf("%s: %v, want code 203", name, e)
			}
		}
		r.foreign = r.newForeign(netip.MustParseAddrPort("10.0.0.3:4000"))
		if e := r.ask(query("put", "5:token"+bstr(token)+"1:v"+helloWorld)).Error(); e == nil || e.Code != 203 {
			t.Errorf("the token of another address: %v", e)
		}
	})
}

func TestCASAndTheSequenceNumberKeepWritersApart(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for _, c := range []struct {
			name     string
			seq, cas int64 // no cas if negative
			value    string
			code     int
			stored   int64
		}{
			{"the first, over nothing", 5, 3, "1:a", 0, 5},
			{"the same again", 5, -1, "1:a", 0, 5},
			{"another of the same number", 5, -1, "1:b", 302, 5},
			{"an older one", 4, -1, "1:b", 302, 5},
			{"a newer one that expects another", 7, 4, "1:b", 301, 5},
			{"a newer one that expects this", 7, 5, "1:b", 0, 7},
			{"a newer one that expects nothing", 8, -1, "1:c", 0, 8},
		} {
			it := signed(c.value, c.seq)
			cas := ""
			if c.cas >= 0 {
				cas = fmt.Sprintf("3:casi%de", c.cas)
			}
			e := r.write(cas+mutable(it), c.value).Error()
			if (e == nil) != (c.code == 0) || e != nil && e.Code != c.code {
				t.Errorf("%s: %v, want code %d", c.name, e, c.code)
			}
			if got := r.read(it.Target().String(), ""); got.Seq == nil || *got.Seq != c.stored {
				t.Errorf("%s: %+v is stored, want number %d", c.name, got.Bep44Return, c.stored)
			}
		}
	})
}

func TestAnItemExpiresTwoHoursAfterItsLastPut(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		v := bep44Vectors[2]
		r.write(v.args, helloWorld)
		time.Sleep(2*time.Hour - time.Minute)
		if got := r.read(v.target, ""); got.V == nil {
			t.Error("it went too early")
		}
		time.Sleep(2 * time.Minute)
		if got := r.read(v.target, ""); got.V != nil {
			t.Error("it is still there")
		}
	})
}

// signed is an item of a fixed key with a salt.
func signed(value string, seq int64) *wire.Item {
	it := &wire.Item{Value: []byte(value), Salt: []byte("salt"), Seq: seq}
	it.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	return it
}

// mutable is what a put says of it before the token.
func mutable(it *wire.Item) string {
	return "1:k" + bstr(string(it.Key)) + "4:salt" + bstr(string(it.Salt)) + fmt.Sprintf("3:seqi%de", it.Seq) + "3:sig" + bstr(string(it.Sig))
}
