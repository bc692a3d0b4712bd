// Package lookup is the iterative lookup of Kademlia (BEP 5).
package lookup
