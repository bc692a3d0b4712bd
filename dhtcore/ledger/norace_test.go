//go:build !race

package ledger

const shrunk, halved = 1, 1 // by how much the long tests are shorter
