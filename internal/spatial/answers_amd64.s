#include "textflag.h"
#include "mat6_amd64.h"

// func answersAVX(a *[9]float64, m *Mat6, n, grad *[3]Wrench)
//
// AX column c of the result, BX the matrix, SI row c of N, DI, R8, R9 the rows of G, CX how many columns are left.
TEXT ·answersAVX(SB), NOSPLIT, $0-32
	MOVQ a+0(FP), AX
	MOVQ m+8(FP), BX
	MOVQ n+16(FP), SI
	MOVQ grad+24(FP), DI
	LEAQ 48(DI), R8
	LEAQ 96(DI), R9
	MOVQ $3, CX

column:
	MUL(BX, SI)
	POWER(DI)
	VMOVSD X2, 0(AX)
	POWER(R8)
	VMOVSD X2, 24(AX)
	POWER(R9)
	VMOVSD X2, 48(AX)
	ADDQ   $8, AX
	ADDQ   $48, SI
	DECQ   CX
	JNZ    column
	VZEROUPPER
	RET
