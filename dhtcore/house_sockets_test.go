package dhtcore

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What opens a socket, or asks the DNS, past --bind-device.
var unbound = map[string][]string{
	"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "Dialer", "Listen", "ListenTCP", "ListenUDP", "ListenPacket", "ListenMulticastUDP", "ListenConfig",
		"DefaultResolver", "LookupHost", "LookupIP", "LookupAddr", "LookupTXT", "LookupCNAME", "LookupSRV", "LookupMX", "LookupNS"},
	"http": {"DefaultClient", "DefaultTransport", "Get", "Post", "PostForm", "Head"},
}

// Where that is right.
var mayOpenSockets = map[string]string{
	"dhtcore/netbind":              "binds them",
	"dhtcore/testnet":              "is on loopback alone",
	"dhtcore/simnet":               "is for tests",
	"dhtcore/needs":                "is for tests",
	"dhtcore/metadata/metadata.go": "is handed a dialer by dhtcore; the default is for its tests",
}

func TestEverySocketOfTheCoreKeepsToTheInterface(t *testing.T) {
	for path, p := range packages(t) {
		if !under(path, "dhtop/dhtcore") {
			continue
		}
		for _, name := range p.GoFiles {
			file := strings.TrimPrefix(path, "dhtop/") + "/" + name
			if mayOpenSockets[strings.TrimPrefix(path, "dhtop/")] != "" || mayOpenSockets[file] != "" {
				continue
			}
			eachNode(t, filepath.Join(p.Dir, name), func(n ast.Node, at token.Position) {
				if c, ok := n.(*ast.CompositeLit); ok && isClient(c) {
					t.Errorf("%s is an http.Client without a Transport: use that of netbind.Device", at)
				}
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return
				}
				if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil && slices.Contains(unbound[x.Name], s.Sel.Name) {
					t.Errorf("%s uses %s.%s past --bind-device: use netbind.Device", at, x.Name, s.Sel.Name)
				}
			})
		}
	}
}

// isClient reports whether c is an http.Client without a Transport.
func isClient(c *ast.CompositeLit) bool {
	of, ok := c.Type.(*ast.SelectorExpr)
	if !ok || of.Sel.Name != "Client" {
		return false
	}
	x, ok := of.X.(*ast.Ident)
	return ok && x.Name == "http" && !slices.ContainsFunc(c.Elts, func(e ast.Expr) bool {
		field, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		name, ok := field.Key.(*ast.Ident)
		return ok && name.Name == "Transport"
	})
}
