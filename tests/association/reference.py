"""A series that others published, and what their implementations say of it."""

# Monthly acute coronary episodes in Sicily, January 2002 to November 2006, and the age-standardised
# population; smoking was banned in public places after month 36. Lopez Bernal, Cummins and Gasparrini,
# "Interrupted time series regression for the evaluation of public health interventions: a tutorial",
# International Journal of Epidemiology 2017;46:348.
EPISODES = [
    728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752, 765,
    831, 879, 928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820, 877, 758,
    767, 738, 781, 843, 850, 908, 1021, 859, 976, 888, 962, 838, 810, 876, 843, 936, 912,
]  # fmt: skip
POPULATION = [
    379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2, 378485.6,
    375955.5, 378349.7, 376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7, 379888.6, 380872.2,
    380966.9, 381240.4, 382104.9, 381802.7, 381656.3, 383680, 383504.2, 386462.9, 383783.1, 380836.8, 383483,
    380906.2, 382926.8, 384052.4, 384449.6, 383428.4, 388153.2, 388373.2, 386470.1, 386033.2, 383686.4,
    385509.3, 385901.9, 386516.6, 388436.5, 383255.2, 390148.7, 385874.9, 391613.6, 391750.4, 394005.6,
    391364.9, 391664.6, 389022.3, 391878.5, 388575.3, 392989, 390018.8, 390712.3,
]  # fmt: skip
BAN = 36

# The paper: episodes fell to this share of what the trend gave (Poisson, level alone), with 95 % limits.
PAPER = (0.894, 0.864, 0.925)

# R 4.2.2 of the same series with level and slope: glm(aces ~ offset(log(stdpop)) + time + smokban +
# I(time - 36):smokban, family = quasipoisson); its standard errors, and those of sandwich 3.0
# NeweyWest(lag = 3, prewhite = FALSE, adjust = TRUE) of the Poisson fit.
COEFFICIENTS = [-6.241430679608, 0.004854916048, -0.114111026347, 0.000416845349]
BY_DISPERSION = [0.02331828843, 0.00107298621, 0.03556672082, 0.00230829685]
BY_NEIGHBOURS = [0.021334029676, 0.000890784729, 0.035340312402, 0.002018808158]
DISPERSION = 3.6213852
