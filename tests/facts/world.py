"""Short articles of our own about the world's conflicts and disasters: where a careful reader places each count."""

from pipeline.records import Metric

ARTICLES: list[tuple[str, Metric, str, str]] = [
    (
        (
            "Yemen: Saudi-led air strikes hit funeral\n\n"
            "At least [140] people were killed when air strikes hit a funeral hall in Yemen's capital Sanaa on "
            "Saturday, the UN said. The Houthi rebels blamed the Saudi-led coalition. Riyadh denied "
            "responsibility."
        ),
        "killed",
        "YE",
        "Sanaa",
    ),
    (
        (
            "Myanmar junta air strike kills dozens\n\n"
            "The military council dropped bombs on Pazigyi village in Sagaing region on Tuesday. The BBC's "
            "Burmese service spoke to survivors from London. [133] bodies were counted, a resident said."
        ),
        "killed",
        "MM",
        "Pazigyi",
    ),
    (
        (
            "Typhoon Rai: death toll rises\n\n"
            "The number of people killed by Typhoon Rai in the Philippines has risen to [375], police said. "
            "Bohol, Cebu and Siargao islands were worst hit. Manila has asked Washington and Tokyo for help."
        ),
        "killed",
        "PH",
        "Philippines",
    ),
    (
        (
            "Turkey earthquake: rescuers race against time\n\n"
            "More than [17,500] people have died in Turkey since Monday's quakes, President Erdogan said in "
            "Ankara. In Syria, 3,300 have been killed."
        ),
        "killed",
        "TR",
        "Turkey",
    ),
    (
        (
            "Turkey earthquake: rescuers race against time\n\n"
            "More than 17,500 people have died in Turkey since Monday's quakes, President Erdogan said in Ankara."
            " In Syria, [3,300] have been killed."
        ),
        "killed",
        "SY",
        "Syria",
    ),
    (
        (
            "Pakistan floods\n\n"
            "Floods have killed [1,136] people in Pakistan since June, the National Disaster Management Authority"
            " said. Sindh and Balochistan provinces were hardest hit."
        ),
        "killed",
        "PK",
        "Pakistan",
    ),
    (
        (
            "Gunmen abduct students\n\n"
            "Gunmen on motorbikes attacked a school in Kankara in Nigeria's Katsina state. [2] guards were "
            "killed, police in Abuja said."
        ),
        "killed",
        "NG",
        "Kankara",
    ),
    (
        (
            "Sudan: fighting spreads\n\n"
            "KHARTOUM (Reuters) - Fighting between the army and the RSF spread to El Fasher in Darfur. Doctors "
            "Without Borders, based in Geneva, said [27] people had died there."
        ),
        "killed",
        "SD",
        "El Fasher",
    ),
    (
        (
            "Israeli strike kills family\n\n"
            "An Israeli air strike killed [9] members of a family in Rafah early on Friday, Palestinian medics "
            "said. Israel's military said it targeted Hamas militants."
        ),
        "killed",
        "PS",
        "Rafah",
    ),
    (
        ("Hamas rockets hit Israel\n\nRockets fired from Gaza killed [2] {Israelis} in Ashkelon, Israeli police said."),
        "killed",
        "IL",
        "Ashkelon",
    ),
    (
        (
            "Congo violence\n\n"
            "ADF rebels killed [36] people in Mukondi village, 30km south of Beni in North Kivu province, in the "
            "east of the Democratic Republic of Congo, the governor said. Uganda sent troops to the country in "
            "2021."
        ),
        "killed",
        "CD",
        "Mukondi",
    ),
    (
        (
            "Wildfire\n\n"
            "Authorities in Hawaii said the fire that tore through Lahaina on Maui had killed [96] people. It is "
            "the deadliest US wildfire in over a century."
        ),
        "killed",
        "US",
        "Lahaina",
    ),
    (
        (
            "Migrant boat sinks off Greece\n\n"
            "At least [78] migrants drowned when their boat sank off Pylos in southern Greece. The boat had left "
            "Tobruk in Libya and was bound for Italy. Most came from Egypt, Syria and Pakistan."
        ),
        "killed",
        "GR",
        "Pylos",
    ),
    (
        (
            "Refugees\n\n"
            "Some [350,000] {Rohingya} have fled to Bangladesh from Rakhine state in Myanmar since August, the UN"
            " refugee agency said in Geneva."
        ),
        "displaced",
        "MM",
        "Rakhine",
    ),
    (
        (
            "Haiti quake\n\n"
            "The [220,000] people killed by the 2010 earthquake in Haiti are remembered each January in "
            "Port-au-Prince and in Miami."
        ),
        "killed",
        "HT",
        "Haiti",
    ),
    (
        (
            "Taiwan train crash\n\n"
            "HUALIEN, Taiwan (AP) -- A train partially derailed along Taiwan's east coast on Friday, injuring "
            "[72] people. China offered condolences."
        ),
        "injured",
        "TW",
        "Hualien",
    ),
    (
        (
            "Mexico\n\n"
            "Gunmen killed [19] people at an illegal cockfight in Zinapecuaro in the Mexican state of Michoacan. "
            "The US ambassador condemned the attack from Mexico City."
        ),
        "killed",
        "MX",
        "Zinapecuaro",
    ),
    (
        (
            "Ethiopia\n\n"
            "Forces from neighbouring Eritrea killed [hundreds] of civilians in Axum in Tigray, Amnesty "
            "International said. The Ethiopian government in Addis Ababa rejects the report."
        ),
        "killed",
        "ET",
        "Axum",
    ),
    (
        (
            "Afghan blast\n\n"
            "A suicide bomber killed [53] girls at an education centre in Kabul's Dasht-e-Barchi neighbourhood, "
            "the UN mission said."
        ),
        "killed",
        "AF",
        "Dasht-e-Barchi",
    ),
    (
        (
            "Burkina Faso\n\n"
            "Jihadists killed at least [60] civilians in Karma, a village in northern Burkina Faso near the Mali "
            "border."
        ),
        "killed",
        "BF",
        "Karma",
    ),
    (
        (
            "Peru protests\n\n"
            "At least [17] people died on Monday in Juliaca, in the Puno region, the ombudsman said in Lima."
        ),
        "killed",
        "PE",
        "Juliaca",
    ),
    (
        (
            "Kazakhstan unrest\n\n"
            "Russia sent paratroopers to Kazakhstan as protests spread. [164] people died in the unrest, the "
            "health ministry said, 103 of them in Almaty."
        ),
        "killed",
        "KZ",
        "Kazakhstan",
    ),
    (
        (
            "Cyclone Idai\n\n"
            "The cyclone made landfall near Beira in Mozambique before moving to Zimbabwe and Malawi. "
            "Mozambique's president said [202] people had died in his country."
        ),
        "killed",
        "MZ",
        "Mozambique",
    ),
    (
        (
            "India bridge collapse\n\n"
            "The collapse of a footbridge in Morbi, in Prime Minister Narendra Modi's home state of Gujarat, "
            "killed [135] people. Britain and the US sent condolences."
        ),
        "killed",
        "IN",
        "Morbi",
    ),
    (
        (
            "Somalia drought\n\n"
            "The drought has displaced [1.3 million] people within Somalia. Kenya hosts 500,000 refugees at "
            "Dadaab."
        ),
        "displaced",
        "SO",
        "Somalia",
    ),
    (
        (
            "Bangladesh\n\n"
            "A fire in a Rohingya camp in Cox's Bazar left [12,000] people homeless, officials in Dhaka said."
        ),
        "displaced",
        "BD",
        "Cox's Bazar",
    ),
    (
        (
            "Armenia\n\n"
            "More than [100,000] ethnic Armenians have fled Nagorno-Karabakh for Armenia since Azerbaijan's "
            "offensive, Yerevan said."
        ),
        "displaced",
        "AZ",
        "Nagorno-Karabakh",
    ),
    (
        (
            "Texas\n\n"
            "Two police officers and [8] shoppers were killed at a mall in Allen, a suburb of Dallas. President "
            "Joe Biden ordered flags lowered at the White House in Washington."
        ),
        "killed",
        "US",
        "Allen",
    ),
    (
        (
            "Indonesia\n\n"
            "Mount Semeru on Java erupted on Saturday. [14] people died in Lumajang district, the BNPB agency in "
            "Jakarta said."
        ),
        "killed",
        "ID",
        "Lumajang",
    ),
    (
        (
            "Lebanon\n\n"
            "The blast at Beirut port killed [more than 200] people in August 2020. France hosted a donor "
            "conference in Paris."
        ),
        "killed",
        "LB",
        "Beirut",
    ),
]
"""Text with the number in brackets, metric, country, place."""
